using Crypson.Cpu;

namespace Crypson;

/// <summary>A convolution and its two gradients on the device of the tensors. Every element of the result is written.</summary>
internal static unsafe class Convolve
{
    /// <summary>y = convolution of x with weight, plus bias.</summary>
    public static void Forward(in ConvolutionShape s, Tensor x, Tensor weight, Tensor? bias, Tensor y)
    {
        if (y.Device is CpuDevice)
        {
            Convolution.Forward(s, x.Floats, weight.Floats, bias is null ? null : bias.Floats, y.Floats);
        }
        else
        {
            DeviceConvolution.Forward(y.Device, s, x.View, weight.View, bias?.View, y.View);
        }
    }

    /// <summary>dx = gradient with respect to x, plus bias; with a bias, the forward pass of a transposed convolution.</summary>
    public static void BackwardData(in ConvolutionShape s, Tensor dy, Tensor weight, Tensor? bias, Tensor dx)
    {
        if (dx.Device is CpuDevice)
        {
            Convolution.BackwardData(s, dy.Floats, weight.Floats, bias is null ? null : bias.Floats, dx.Floats);
        }
        else
        {
            DeviceConvolution.BackwardData(dx.Device, s, dy.View, weight.View, bias?.View, dx.View);
        }
    }

    /// <summary>dWeight = gradient with respect to the weight.</summary>
    public static void BackwardWeight(in ConvolutionShape s, Tensor x, Tensor dy, Tensor dWeight)
    {
        if (dWeight.Device is CpuDevice)
        {
            Convolution.BackwardWeight(s, x.Floats, dy.Floats, dWeight.Floats);
        }
        else
        {
            DeviceConvolution.BackwardWeight(dWeight.Device, s, x.View, dy.View, dWeight.View);
        }
    }
}

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
            NaiveConvolutionKernels.LaunchConvolutionForward(y.Device, y.Count, s, x.View, weight.View, (bias ?? y).View, bias is not null, y.View);
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
            NaiveConvolutionKernels.LaunchConvolutionBackwardData(dx.Device, dx.Count, s, dy.View, weight.View, (bias ?? dx).View, bias is not null, dx.View);
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
            NaiveConvolutionKernels.LaunchConvolutionBackwardWeight(dWeight.Device, dWeight.Count, s, x.View, dy.View, dWeight.View);
        }
    }
}

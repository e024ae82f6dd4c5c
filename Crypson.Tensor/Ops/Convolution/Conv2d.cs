using Crypson.Cpu;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Two-dimensional cross-correlation of images [n, in, h, w] with weights [out, in, kh, kw]; the result is
    /// [n, out, h', w'] with h' = (h + 2 padding - dilation (kh - 1) - 1) / stride + 1, rounded down.
    /// </summary>
    /// <param name="weight">[out, in, kh, kw].</param>
    /// <param name="bias">[out], or none.</param>
    /// <param name="stride">Step between windows, 1 or more; 1 unless given.</param>
    /// <param name="padding">Zeros around the image.</param>
    /// <param name="dilation">Step inside a window, 1 or more; 1 unless given.</param>
    /// <exception cref="ArgumentException">The shapes or numbers do not fit.</exception>
    public Tensor Conv2d(Tensor weight, Tensor? bias = null, Size2? stride = null, Size2 padding = default, Size2? dilation = null)
    {
        SameDevice("conv2d", this, weight);
        var (step, spread) = (stride ?? 1, dilation ?? 1);
        CheckConvolution("conv2d", weight, bias, 1, 0, step, padding, spread);
        var height = ConvolvedSize(Shape[2], weight.Shape[2], step.Height, padding.Height, spread.Height);
        var width = ConvolvedSize(Shape[3], weight.Shape[3], step.Width, padding.Width, spread.Width);
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"conv2d: the kernel of {weight.Shape} is larger than the padded image of {Shape} (padding {padding}, dilation {spread})");
        }

        var shape = new ConvolutionShape(
            Shape[0], Shape[1], Shape[2], Shape[3], weight.Shape[0], height, width, weight.Shape[2], weight.Shape[3],
            step.Height, step.Width, padding.Height, padding.Width, spread.Height, spread.Width);
        var y = Empty([Shape[0], weight.Shape[0], height, width], Device);
        Convolve.Forward(shape, this, weight, bias, y);
        return Record("conv2d", y, bias is null ? [this, weight] : [this, weight, bias], dy =>
        {
            Tensor? dx = null, dWeight = null;
            if (RequiresGrad)
            {
                dx = EmptyLike();
                Convolve.BackwardData(shape, dy, weight, null, dx);
            }

            if (weight.RequiresGrad)
            {
                dWeight = weight.EmptyLike();
                Convolve.BackwardWeight(shape, this, dy, dWeight);
            }

            return bias is null ? [dx, dWeight] : [dx, dWeight, bias.RequiresGrad ? dy.SumChannels() : null];
        });
    }

    private static int ConvolvedSize(int size, int kernel, int stride, int padding, int dilation)
    {
        var room = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        return room < 0 ? 0 : (room / stride) + 1;
    }

    // The weight's axis for the input's channels is 1 in a convolution, 0 in a transposed one.
    private void CheckConvolution(string op, Tensor weight, Tensor? bias, int inAxis, int outAxis, Size2 stride, Size2 padding, Size2 dilation)
    {
        if (Rank != 4 || weight.Rank != 4)
        {
            throw new ArgumentException($"{op}: input {Shape} and weight {weight.Shape} must be [batch, channels, height, width] and "
                + (inAxis == 1 ? "[out, in, height, width]" : "[in, out, height, width]"));
        }

        if (Shape[1] != weight.Shape[inAxis])
        {
            throw new ArgumentException($"{op}: input {Shape} has {Shape[1]} channels, weight {weight.Shape} wants {weight.Shape[inAxis]}");
        }

        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != weight.Shape[outAxis]))
        {
            throw new ArgumentException($"{op}: bias {bias.Shape} does not fit weight {weight.Shape}");
        }

        SameDevice(op, this, bias ?? weight);
        if (stride.Height < 1 || stride.Width < 1 || dilation.Height < 1 || dilation.Width < 1 || padding.Height < 0 || padding.Width < 0)
        {
            throw new ArgumentException($"{op}: stride {stride} and dilation {dilation} must be 1 or more, padding {padding} 0 or more");
        }
    }
}

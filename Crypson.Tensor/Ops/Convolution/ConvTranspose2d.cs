using Crypson.Cpu;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Transposed convolution, the gradient of <see cref="Conv2d"/> with respect to its input, of images [n, in, h, w] with
    /// weights [in, out, kh, kw]; the result is [n, out, h', w'] with
    /// h' = (h - 1) stride - 2 padding + dilation (kh - 1) + output padding + 1.
    /// </summary>
    /// <param name="weight">[in, out, kh, kw].</param>
    /// <param name="bias">[out], or none.</param>
    /// <param name="stride">Step between windows of the result, 1 or more; 1 unless given.</param>
    /// <param name="padding">Rows and columns cut from every side of the result.</param>
    /// <param name="outputPadding">Rows and columns added below and right; less than the stride or the dilation.</param>
    /// <param name="dilation">Step inside a window, 1 or more; 1 unless given.</param>
    /// <exception cref="ArgumentException">The shapes or numbers do not fit.</exception>
    public Tensor ConvTranspose2d(
        Tensor weight, Tensor? bias = null, Size2? stride = null, Size2 padding = default, Size2 outputPadding = default, Size2? dilation = null)
    {
        SameDevice("conv transpose2d", this, weight);
        var (step, spread) = (stride ?? 1, dilation ?? 1);
        CheckConvolution("conv transpose2d", weight, bias, 0, 1, step, padding, spread);
        if (outputPadding.Height < 0 || outputPadding.Width < 0
            || outputPadding.Height >= Math.Max(step.Height, spread.Height) || outputPadding.Width >= Math.Max(step.Width, spread.Width))
        {
            throw new ArgumentException($"conv transpose2d: output padding {outputPadding} must be 0 or more and below the stride {step} or the dilation {spread}");
        }

        var height = ((Shape[2] - 1) * step.Height) - (2 * padding.Height) + (spread.Height * (weight.Shape[2] - 1)) + outputPadding.Height + 1;
        var width = ((Shape[3] - 1) * step.Width) - (2 * padding.Width) + (spread.Width * (weight.Shape[3] - 1)) + outputPadding.Width + 1;
        if (height < 1 || width < 1)
        {
            throw new ArgumentException($"conv transpose2d: the result of {Shape} with weight {weight.Shape} and padding {padding} has no pixels");
        }

        // As the convolution whose input gradient this is: our result is its input.
        var shape = new ConvolutionShape(
            Shape[0], weight.Shape[1], height, width, Shape[1], Shape[2], Shape[3], weight.Shape[2], weight.Shape[3],
            step.Height, step.Width, padding.Height, padding.Width, spread.Height, spread.Width);
        var y = Empty([Shape[0], weight.Shape[1], height, width], Device);
        Convolve.BackwardData(shape, this, weight, bias, y);
        return Record("conv transpose2d", y, bias is null ? [this, weight] : [this, weight, bias], dy =>
        {
            Tensor? dx = null, dWeight = null;
            if (RequiresGrad)
            {
                dx = EmptyLike();
                Convolve.Forward(shape, dy, weight, null, dx);
            }

            if (weight.RequiresGrad)
            {
                dWeight = weight.EmptyLike();
                Convolve.BackwardWeight(shape, dy, this, dWeight);
            }

            return bias is null ? [dx, dWeight] : [dx, dWeight, bias.RequiresGrad ? dy.SumChannels() : null];
        });
    }
}

using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>A transposed convolution: the data gradient of the convolution that leads back, and the other way round.</summary>
/// <param name="name">The peer script's name.</param>
/// <param name="back">The convolution from the result's shape to the input's.</param>
/// <param name="hasBias">Whether a number per channel is added.</param>
internal sealed class TransposedCase(string name, ConvolutionGeometry back, bool hasBias)
    : LayerCase(name, back.Flops, back.OutShape, back.InShape, back.Weights)
{
    public override Layer Create() => new ConvTranspose2d(
        back.OutChannels, back.InChannels, back.Kernel, new Philox(3), back.Stride, back.Padding,
        back.InSide - (((back.OutSide - 1) * back.Stride) - (2 * back.Padding) + back.Kernel), bias: hasBias);

    public override (double Value, double Magnitude) Result(LayerArrays arrays, int element)
    {
        var (value, magnitude) = back.BackwardData(arrays.X, arrays.Weight, element);
        var bias = arrays.BiasOf(element / back.InSide / back.InSide % back.InChannels);
        return (value + bias, magnitude + Math.Abs(bias));
    }

    public override (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element) => back.Forward(arrays.Dy, arrays.Weight, element);

    public override (double Value, double Magnitude) WeightGradient(LayerArrays arrays, int element) => back.BackwardWeight(arrays.Dy, arrays.X, element);

    public override void Naive(LayerArrays arrays, float[] y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = arrays.BiasOf(i / back.InSide / back.InSide % back.InChannels);
        }

        back.Visit(new Visitor(arrays.X, arrays.Weight, y));
    }

    private readonly struct Visitor(float[] x, float[] weight, float[] y) : ConvolutionGeometry.IVisitor
    {
        public void Add(int yIndex, int weightIndex, int xIndex) => y[yIndex] += x[xIndex] * weight[weightIndex];
    }
}

using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>A convolution with bias.</summary>
internal sealed class ConvolutionCase(string name, ConvolutionGeometry geometry)
    : LayerCase(name, geometry.Flops, geometry.InShape, geometry.OutShape, geometry.Weights)
{
    public override Layer Create() => new Conv2d(geometry.InChannels, geometry.OutChannels, geometry.Kernel, new Philox(3), geometry.Stride, geometry.Padding);

    public override (double Value, double Magnitude) Result(LayerArrays arrays, int element)
    {
        var (value, magnitude) = geometry.Forward(arrays.X, arrays.Weight, element);
        var bias = arrays.BiasOf(element / geometry.OutSide / geometry.OutSide % geometry.OutChannels);
        return (value + bias, magnitude + Math.Abs(bias));
    }

    public override (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element) => geometry.BackwardData(arrays.Dy, arrays.Weight, element);

    public override (double Value, double Magnitude) WeightGradient(LayerArrays arrays, int element) => geometry.BackwardWeight(arrays.X, arrays.Dy, element);

    public override void Naive(LayerArrays arrays, float[] y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = arrays.BiasOf(i / geometry.OutSide / geometry.OutSide % geometry.OutChannels);
        }

        geometry.Visit(new Visitor(arrays.X, arrays.Weight, y));
    }

    private readonly struct Visitor(float[] x, float[] weight, float[] y) : ConvolutionGeometry.IVisitor
    {
        public void Add(int xIndex, int weightIndex, int yIndex) => y[yIndex] += x[xIndex] * weight[weightIndex];
    }
}

using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>Batch normalisation in training, with the starting weight 1 and bias 0.</summary>
internal sealed class BatchNormCase(string name, int batch, int channels, int side)
    : LayerCase(name, 0, [batch, channels, side, side], [batch, channels, side, side], channels)
{
    private const double Eps = 1e-5;

    private readonly int positions = side * side;

    public override Layer Create() => new BatchNorm2d(channels);

    public override (double Value, double Magnitude) Result(LayerArrays arrays, int element)
    {
        var (mean, slope) = Statistics(arrays.X, element / positions % channels);
        return ((arrays.X[element] - mean) * slope, (Math.Abs(arrays.X[element]) + Math.Abs(mean)) * slope);
    }

    // dx = slope (dy - mean of dy - x^ times mean of dy x^), where x^ is the result.
    public override (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element)
    {
        var channel = element / positions % channels;
        var (mean, slope) = Statistics(arrays.X, channel);
        var (shift, scale) = (BiasGradient(arrays, channel).Value / (batch * positions), WeightGradient(arrays, channel).Value / (batch * positions));
        var normal = (arrays.X[element] - mean) * slope;
        return (slope * (arrays.Dy[element] - shift - (normal * scale)), slope * (Math.Abs(arrays.Dy[element]) + Math.Abs(shift) + Math.Abs(normal * scale)));
    }

    public override (double Value, double Magnitude) WeightGradient(LayerArrays arrays, int channel)
    {
        var (mean, slope) = Statistics(arrays.X, channel);
        var sum = default(Sum);
        for (var image = 0; image < batch; image++)
        {
            var first = First(image, channel);
            for (var i = first; i < first + positions; i++)
            {
                sum.Add(arrays.Dy[i] * (arrays.X[i] - mean) * slope);
            }
        }

        return sum.Result;
    }

    public override void Naive(LayerArrays arrays, float[] y)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var (mean, slope) = Statistics(arrays.X, channel);
            for (var image = 0; image < batch; image++)
            {
                var first = First(image, channel);
                for (var i = first; i < first + positions; i++)
                {
                    y[i] = (float)((arrays.X[i] - mean) * slope);
                }
            }
        }
    }

    private (double Mean, double Slope) Statistics(float[] x, int channel)
    {
        var (mean, variance) = (0.0, 0.0);
        for (var image = 0; image < batch; image++)
        {
            foreach (var value in x.AsSpan(First(image, channel), positions))
            {
                mean += value;
            }
        }

        mean /= batch * positions;
        for (var image = 0; image < batch; image++)
        {
            foreach (var value in x.AsSpan(First(image, channel), positions))
            {
                variance += (value - mean) * (value - mean);
            }
        }

        return (mean, 1 / Math.Sqrt((variance / (batch * positions)) + Eps));
    }

    private int First(int image, int channel) => ((image * channels) + channel) * positions;
}

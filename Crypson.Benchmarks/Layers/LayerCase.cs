using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>A layer at one shape: what it costs, single elements of its results in double precision, and a naive loop.</summary>
/// <param name="name">The peer script's name.</param>
/// <param name="flops">Operations of a forward pass; 0 if that says nothing.</param>
/// <param name="input">Shape of the input.</param>
/// <param name="output">Shape of the result.</param>
/// <param name="parameters">Numbers in the weight.</param>
internal abstract class LayerCase(string name, double flops, int[] input, int[] output, long parameters)
{
    public string Name => name;

    public double Flops => flops;

    public int[] Input => input;

    public int[] Output => output;

    /// <summary>Input and weight are read, the result is written.</summary>
    public double ForwardBytes => 4.0 * (Length(input) + parameters + Length(output));

    /// <summary>The gradient of the result, input and weight are read, their gradients are written.</summary>
    public double BackwardBytes => 4.0 * ((2 * Length(input)) + (2 * parameters) + Length(output));

    /// <summary>The layer with its seeded parameters.</summary>
    public abstract Layer Create();

    /// <summary>An element of the result.</summary>
    public abstract (double Value, double Magnitude) Result(LayerArrays arrays, int element);

    /// <summary>An element of the input's gradient.</summary>
    public abstract (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element);

    /// <summary>An element of the weight's gradient.</summary>
    public virtual (double Value, double Magnitude) WeightGradient(LayerArrays arrays, int element) => throw new NotSupportedException($"{name} has no weight");

    /// <summary>The sum of a channel's gradients.</summary>
    public (double Value, double Magnitude) BiasGradient(LayerArrays arrays, int channel)
    {
        var sum = default(Sum);
        var positions = output.Skip(2).Aggregate(1, (product, size) => product * size);
        for (var image = 0; image < output[0]; image++)
        {
            foreach (var value in arrays.Dy.AsSpan(((image * output[1]) + channel) * positions, positions))
            {
                sum.Add(value);
            }
        }

        return sum.Result;
    }

    /// <summary>The result by the loop that a careful beginner writes, on one thread.</summary>
    public abstract void Naive(LayerArrays arrays, float[] y);

    private static long Length(int[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}

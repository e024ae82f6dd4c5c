using Crypson.Nn;
using MathNet.Numerics.LinearAlgebra;

namespace Crypson.Benchmarks;

/// <summary>x W' + b, with W of [outputs, inputs].</summary>
internal sealed class LinearCase(string name, int batch, int inputs, int outputs)
    : LayerCase(name, 2.0 * batch * inputs * outputs, [batch, inputs], [batch, outputs], (long)inputs * outputs)
{
    public override Layer Create() => new Linear(inputs, outputs, new Philox(3));

    public override (double Value, double Magnitude) Result(LayerArrays arrays, int element)
    {
        var (row, output) = (element / outputs, element % outputs);
        var sum = default(Sum);
        sum.Add(arrays.Bias[output]);
        for (var i = 0; i < inputs; i++)
        {
            sum.Add((double)arrays.X[(row * inputs) + i] * arrays.Weight[(output * inputs) + i]);
        }

        return sum.Result;
    }

    public override (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element)
    {
        var (row, input) = (element / inputs, element % inputs);
        var sum = default(Sum);
        for (var i = 0; i < outputs; i++)
        {
            sum.Add((double)arrays.Dy[(row * outputs) + i] * arrays.Weight[(i * inputs) + input]);
        }

        return sum.Result;
    }

    public override (double Value, double Magnitude) WeightGradient(LayerArrays arrays, int element)
    {
        var (output, input) = (element / inputs, element % inputs);
        var sum = default(Sum);
        for (var i = 0; i < batch; i++)
        {
            sum.Add((double)arrays.Dy[(i * outputs) + output] * arrays.X[(i * inputs) + input]);
        }

        return sum.Result;
    }

    public override void Naive(LayerArrays arrays, float[] y)
    {
        for (var row = 0; row < batch; row++)
        {
            for (var output = 0; output < outputs; output++)
            {
                var sum = arrays.Bias[output];
                for (var i = 0; i < inputs; i++)
                {
                    sum += arrays.X[(row * inputs) + i] * arrays.Weight[(output * inputs) + i];
                }

                y[(row * outputs) + output] = sum;
            }
        }
    }

    /// <summary>The forward pass with MathNet.Numerics; its matrices are column by column.</summary>
    public BenchmarkWork MathNet(LayerArrays arrays)
    {
        var (x, weight) = (Matrix<float>.Build.DenseOfRowMajor(batch, inputs, arrays.X), Matrix<float>.Build.DenseOfRowMajor(outputs, inputs, arrays.Weight));
        var bias = Matrix<float>.Build.Dense(batch, outputs, (_, output) => arrays.Bias[output]);
        var y = Matrix<float>.Build.Dense(batch, outputs);
        return new BenchmarkWork(Run, () =>
        {
            Run();
            return [new BenchmarkCheck(Name, y.ToRowMajorArray(), element => Result(arrays, element))];
        });

        void Run()
        {
            x.TransposeAndMultiply(weight, y);
            y.Add(bias, y);
        }
    }
}

using Crypson.Nn;

namespace Crypson.Benchmarks;

/// <summary>An element-wise function.</summary>
/// <param name="name">The peer script's name.</param>
/// <param name="shape">Of input and result.</param>
/// <param name="create">The layer.</param>
/// <param name="function">The function.</param>
/// <param name="derivative">Its derivative.</param>
/// <param name="naive">The function in float32.</param>
internal sealed class FunctionCase(string name, int[] shape, Func<Layer> create, Func<double, double> function, Func<double, double> derivative, Func<float, float> naive)
    : LayerCase(name, 0, shape, shape, 0)
{
    public override Layer Create() => create();

    public override (double Value, double Magnitude) Result(LayerArrays arrays, int element) => (function(arrays.X[element]), 1);

    public override (double Value, double Magnitude) InputGradient(LayerArrays arrays, int element) => (derivative(arrays.X[element]) * arrays.Dy[element], 1);

    public override void Naive(LayerArrays arrays, float[] y)
    {
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = naive(arrays.X[i]);
        }
    }
}

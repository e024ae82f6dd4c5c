namespace Crypson.Bench.Kernels;

/// <summary>
/// A kernel with its operands: what to time, how many operations it does and how often a cGAN step (batch 128) does
/// it, and a double-precision reference for any one element of its result.
/// </summary>
internal sealed unsafe class KernelCase(string name, double flops, int perStep, Operand left, Operand right, Operand result) : IDisposable
{
    private const int Samples = 200;

    public delegate void Kernel(float* left, float* right, float* result);

    /// <summary>The exact value of an element and the sum of the magnitudes of its terms.</summary>
    public delegate (double Value, double Magnitude) Reference(float* left, float* right, long element);

    public string Name { get; } = name;

    public double Flops { get; } = flops;

    public int PerStep { get; } = perStep;

    public required Kernel Work { get; init; }

    public required Reference Exact { get; init; }

    public void Run() => Work(left.Data, right.Data, result.Data);

    /// <summary>Compares elements drawn with a fixed seed; throws when one is off by more than rounding.</summary>
    public void Verify()
    {
        new Span<float>(result.Data, (int)result.Length).Fill(float.NaN);
        Run();
        var random = new Random(1);
        for (var i = 0; i < Samples; i++)
        {
            var element = random.NextInt64(result.Length);
            var (value, magnitude) = Exact(left.Data, right.Data, element);
            if (!(Math.Abs(value - result.Data[element]) <= 1e-6 * magnitude + 1e-30))
            {
                throw new InvalidOperationException($"{Name}: element {element} is {result.Data[element]:R} instead of {value:R}");
            }
        }
    }

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
        result.Dispose();
    }
}

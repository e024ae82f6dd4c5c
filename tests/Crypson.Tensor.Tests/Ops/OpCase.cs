namespace Crypson.Tests.Ops;

/// <summary>
/// One row of the table: an operation, its operands and its double-precision reference. A result passes when it is off
/// by at most <see cref="Tolerance"/> · (|want| + <see cref="Magnitude"/>).
/// </summary>
/// <param name="Name">The row's name; rows of one operation share its first word.</param>
/// <param name="Shapes">The operands' shapes for the comparison with the reference.</param>
/// <param name="Big">Shapes of several groups of work, for the comparison of thread counts.</param>
/// <param name="Run">The operation.</param>
/// <param name="Reference">The same in double precision.</param>
public sealed record OpCase(string Name, int[][] Shapes, int[][] Big, Func<Tensor[], Tensor> Run, Func<Nd[], Nd> Reference)
{
    /// <summary>Operands are uniform between these.</summary>
    public double Low { get; init; } = -2;

    public double High { get; init; } = 2;

    /// <summary>Keeps operands this far from 0 and from each other's ties, where the derivative jumps.</summary>
    public double[] Kinks { get; init; } = [];

    /// <summary>A few roundings of float32, 6e-8 each.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>
    /// The size of terms that may cancel, in the result and in the gradients: about the root of the number of terms for a
    /// sum, 1 for a derivative such as 1 - y², 0 for a chain of products.
    /// </summary>
    public double Magnitude { get; init; }

    /// <summary>Operands without a gradient, by position.</summary>
    public int[] Constant { get; init; } = [];

    /// <summary>The function of one element, for element-wise operations of one operand.</summary>
    public Func<double, double>? Unary { get; init; }

    /// <summary>The function of two elements, for element-wise operations of two operands.</summary>
    public Func<double, double, double>? Binary { get; init; }

    public override string ToString() => Name;

    /// <summary>The operands, with gradients, from a fixed seed.</summary>
    public Tensor[] Operands(int[][] shapes, Device? device = null)
    {
        var random = new Random(Name.Sum(letter => letter) + shapes.Length);
        return [.. shapes.Select((shape, index) =>
        {
            var tensor = Tensor.FromSpan(Values(random, shape.Aggregate(1, (a, b) => a * b)), Shape.Create(shape), device);
            tensor.RequiresGrad = !Constant.Contains(index);
            return tensor;
        })];
    }

    /// <summary>The gradient that arrives at a result: of both signs, and not small, so that nothing hides.</summary>
    public static Tensor Arriving(Shape shape)
    {
        var random = new Random(77);
        return Tensor.FromSpan(
            [.. Enumerable.Range(0, shape.ElementCount).Select(_ => (float)((random.NextDouble() + 0.5) * (random.Next(2) == 0 ? -1 : 1)))], shape);
    }

    /// <param name="want">The reference.</param>
    /// <param name="got">The result.</param>
    /// <param name="slack">How much further off it may be on its device.</param>
    public bool Accepts(double want, double got, double slack = 1) => Math.Abs(got - want) <= slack * Tolerance * (Math.Abs(want) + Magnitude);

    private float[] Values(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            do
            {
                values[i] = (float)(Low + (random.NextDouble() * (High - Low)));
            }
            while (Kinks.Any(kink => Math.Abs(values[i] - kink) < 1e-3));
        }

        return values;
    }
}

using System.Numerics;
using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Inference;

/// <summary>The end of a stage: adds the shift of each row and applies the element-wise function.</summary>
internal readonly unsafe struct StageResult(InferenceLayer layer, StageWeights weights)
{
    private readonly float[] shift = weights.Shift;
    private readonly int shiftStride = weights.IsPerPosition ? layer.Output.Channels : 0;

    /// <summary>
    /// target[row, column] = f(the sum of up to four sources, each times its factor, + shift) for rows of one position.
    /// </summary>
    public void Write(float** sources, float* factors, int count, float* target, int position, int firstRow, int rows, int columns)
    {
        var relu = layer.Activation == FusedActivation.Relu;
        for (var row = 0; row < rows; row++)
        {
            var add = Shift(position, firstRow + row);
            var offset = (nint)row * columns;
            switch (count)
            {
                case 1 when factors[0] == 1:
                    for (var i = offset; i < offset + columns; i += 8)
                    {
                        Finish(Vector256.Load(sources[0] + i) + add, relu).Store(target + i);
                    }

                    break;
                case 2:
                    var (f0, f1) = (Vector256.Create(factors[0]), Vector256.Create(factors[1]));
                    for (var i = offset; i < offset + columns; i += 8)
                    {
                        var sum = (Vector256.Load(sources[0] + i) * f0) + (Vector256.Load(sources[1] + i) * f1);
                        Finish(sum + add, relu).Store(target + i);
                    }

                    break;
                case 4:
                    var (g0, g1, g2, g3) = (Vector256.Create(factors[0]), Vector256.Create(factors[1]), Vector256.Create(factors[2]), Vector256.Create(factors[3]));
                    for (var i = offset; i < offset + columns; i += 8)
                    {
                        var sum = (Vector256.Load(sources[0] + i) * g0) + (Vector256.Load(sources[1] + i) * g1)
                            + ((Vector256.Load(sources[2] + i) * g2) + (Vector256.Load(sources[3] + i) * g3));
                        Finish(sum + add, relu).Store(target + i);
                    }

                    break;
                default:
                    for (var i = offset; i < offset + columns; i += 8)
                    {
                        var sum = Vector256<float>.Zero;
                        for (var s = 0; s < count; s++)
                        {
                            sum += Vector256.Load(sources[s] + i) * factors[s];
                        }

                        Finish(sum + add, relu).Store(target + i);
                    }

                    break;
            }
        }

        Apply(target, rows * columns);
    }

    /// <summary>
    /// Two positions' results of rows from components m, <paramref name="step"/> floats apart: f(m0 + m1 + shift) and
    /// f(m1 - m2 + shift), into y: [position][channel][column].
    /// </summary>
    public void WriteTwo(float* m, nint step, float* y, int first, int second, int channels, int firstRow, int rows, int columns)
    {
        var relu = layer.Activation == FusedActivation.Relu;
        var to0 = y + ((((nint)first * channels) + firstRow) * columns);
        var to1 = y + ((((nint)second * channels) + firstRow) * columns);
        for (var row = 0; row < rows; row++)
        {
            var (add0, add1) = (Shift(first, firstRow + row), Shift(second, firstRow + row));
            var end = (nint)(row + 1) * columns;
            for (var i = (nint)row * columns; i < end; i += 8)
            {
                var middle = Vector256.Load(m + step + i);
                Finish(Vector256.Load(m + i) + middle + add0, relu).Store(to0 + i);
                Finish(middle - Vector256.Load(m + (2 * step) + i) + add1, relu).Store(to1 + i);
            }
        }

        Apply(to0, rows * columns);
        Apply(to1, rows * columns);
    }

    /// <summary>The same in both directions: four positions from components [3][3], <paramref name="size"/> floats each.</summary>
    public void WriteFour(float* m, nint size, float* y, int* positions, int channels, int firstRow, int rows, int columns)
    {
        var relu = layer.Activation == FusedActivation.Relu;
        var image = (nint)channels * columns;
        y += (nint)firstRow * columns;
        var to0 = y + (positions[0] * image);
        var to1 = y + (positions[1] * image);
        var to2 = y + (positions[2] * image);
        var to3 = y + (positions[3] * image);
        for (var row = 0; row < rows; row++)
        {
            var (add0, add1) = (Shift(positions[0], firstRow + row), Shift(positions[1], firstRow + row));
            var (add2, add3) = (Shift(positions[2], firstRow + row), Shift(positions[3], firstRow + row));
            var end = (nint)(row + 1) * columns;
            for (var i = (nint)row * columns; i < end; i += 8)
            {
                var (middle0, middle1, middle2) = (Vector256.Load(m + size + i), Vector256.Load(m + (4 * size) + i), Vector256.Load(m + (7 * size) + i));
                var (upper, lower) = (Vector256.Load(m + i) + middle0, Vector256.Load(m + (3 * size) + i) + middle1);
                Finish(upper + lower + add0, relu).Store(to0 + i);
                Finish(lower - (Vector256.Load(m + (6 * size) + i) + middle2) + add2, relu).Store(to2 + i);
                (upper, lower) = (middle0 - Vector256.Load(m + (2 * size) + i), middle1 - Vector256.Load(m + (5 * size) + i));
                Finish(upper + lower + add1, relu).Store(to1 + i);
                Finish(lower - (middle2 - Vector256.Load(m + (8 * size) + i)) + add3, relu).Store(to3 + i);
            }
        }

        for (var i = 0; i < 4; i++)
        {
            Apply(y + (positions[i] * image), rows * columns);
        }
    }

    private Vector256<float> Shift(int position, int row) => Vector256.Create(shift[(position * shiftStride) + row]);

    private static Vector256<float> Finish(Vector256<float> x, bool relu) =>
        relu ? Vector256.ConditionalSelect(Vector256.LessThanOrEqual(x, Vector256<float>.Zero), Vector256<float>.Zero, x) : x;

    // The functions that are too long for the loop above.
    private void Apply(float* values, int count)
    {
        switch (layer.Activation)
        {
            case FusedActivation.LeakyRelu:
                Apply(values, count, new LeakyReluOp(layer.Slope));
                break;
            case FusedActivation.Tanh:
                Apply(values, count, default(TanhOp));
                break;
            case FusedActivation.Sigmoid:
                Apply(values, count, default(SigmoidOp));
                break;
            case FusedActivation.Silu:
                Apply(values, count, default(SiluOp));
                break;
        }
    }

    private static void Apply<TOp>(float* values, int count, TOp op)
        where TOp : struct, IUnaryOp
    {
        for (var i = 0; i < count; i += Vector<float>.Count)
        {
            Vector.Store(op.Forward(Vector.Load(values + i)), values + i);
        }
    }
}

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
            var add = Vector256.Create(shift[(position * shiftStride) + firstRow + row]);
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

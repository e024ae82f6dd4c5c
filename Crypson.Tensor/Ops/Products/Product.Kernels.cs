using Crypson.Kernels;

namespace Crypson;

/// <summary>Products on any device: the plain form, and the sum of parts.</summary>
internal static partial class ProductKernels
{
    // Terms that are added up before they join the sum, so that the error does not grow with the whole depth.
    private const int Run = 64;

    /// <summary>
    /// One element of y per work-item; the positions are batch (or parts of the depth when <paramref name="partDepth"/> is less
    /// than the depth) x M x N.
    /// </summary>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel]
    internal static void NaiveProduct(Index1D i, Product p, int partDepth, ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> y)
    {
        var column = i % p.N;
        var row = i / p.N % p.M;
        var batch = i.X / p.N / p.M;
        var source = a.SubView(batch * p.A.BatchStep);
        var other = b.SubView(batch * p.B.BatchStep);
        var placeA = p.A.Lines.At(row);
        var placeB = p.B.Lines.At(column);
        var isPart = partDepth < p.K;
        var first = isPart ? batch * partDepth : 0;
        var stop = isPart ? Math.Min(p.K, first + partDepth) : p.K;
        var sum = 0f;
        for (var start = first; start < stop; start += Run)
        {
            var part = 0f;
            for (var k = start; k < Math.Min(stop, start + Run); k++)
            {
                part = MathF.FusedMultiplyAdd(p.A.Read(source, placeA, p.A.Depth.At(k)), p.B.Read(other, placeB, p.B.Depth.At(k)), part);
            }

            sum += part;
        }

        var shift = p.Bias switch { ProductBias.Rows => bias[row], ProductBias.Columns => bias[column], _ => 0f };
        y[batch * p.Y.BatchStep + p.Y.Offset(p.Y.Lines.At(row), p.Y.Depth.At(column))] = sum + shift;
    }

    /// <summary>y = the sum of parts [parts, M, N], in their order, plus bias.</summary>
    /// <param name="bias">Read only when there is one.</param>
    [Kernel]
    internal static void JoinParts(Index1D i, Product p, int parts, ArrayView<float> sums, ArrayView<float> bias, ArrayView<float> y)
    {
        var column = i % p.N;
        var row = i / p.N;
        var sum = 0f;
        for (var part = 0; part < parts; part++)
        {
            sum += sums[(long)part * p.M * p.N + i];
        }

        var shift = p.Bias switch { ProductBias.Rows => bias[row], ProductBias.Columns => bias[column], _ => 0f };
        y[p.Y.Offset(p.Y.Lines.At(row), p.Y.Depth.At(column))] = sum + shift;
    }
    /// <summary>An element of an operand. It is here and not with the operand: what has to do with views is in the kernel files.</summary>
    internal static float Read(this ProductOperand operand, ArrayView<float> source, ProductPlace line, ProductPlace depth)
    {
        var y = line.Y + depth.Y;
        var x = line.X + depth.X;
        return y >= 0 && y < operand.Height && x >= 0 && x < operand.Width ? source[line.Offset + depth.Offset + y * operand.Width + x] : 0f;
    }

    /// <summary>Four elements of an operand that <see cref="ProductOperand.HasFours"/>, from the one at these places on.</summary>
    internal static Float32x4 ReadFour(this ProductOperand operand, ArrayView<float> source, ProductPlace line, ProductPlace depth)
    {
        var y = line.Y + depth.Y;
        var x = line.X + depth.X;
        return y >= 0 && y < operand.Height && x >= 0 && x < operand.Width
            ? Float32x4.Load(source, line.Offset + depth.Offset + y * operand.Width + x)
            : Float32x4.Broadcast(0f);
    }
}

using Crypson.Cpu;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Matrix product of the last two axes: [m, k] x [k, n] = [m, n]; further axes are a batch, which one operand may
    /// lack. Either matrix may be taken transposed, without a copy.
    /// Gradients: dA = dY Bᵀ, dB = Aᵀ dY.
    /// </summary>
    /// <exception cref="ArgumentException">An operand has fewer than two axes, or the shapes do not fit.</exception>
    public Tensor MatMul(Tensor other, bool transposeA = false, bool transposeB = false)
    {
        SameDevice("matmul", this, other);
        if (Rank < 2 || other.Rank < 2)
        {
            throw new ArgumentException($"matmul: operands need two axes or more: {Shape} x {other.Shape}; reshape a vector to [1, n] or [n, 1]");
        }

        var inner = Shape[transposeA ? ^2 : ^1];
        var otherInner = other.Shape[transposeB ? ^1 : ^2];
        if (inner != otherInner)
        {
            var hint = !transposeB && inner == other.Shape[^1] ? "\n  hint: did you mean x.MatMul(w, transposeB: true)?"
                : !transposeA && otherInner == Shape[^2] ? "\n  hint: did you mean x.MatMul(w, transposeA: true)?" : string.Empty;
            throw new ArgumentException($"matmul: inner dimensions differ: {Shape} x {other.Shape} ({inner} and {otherInner}){hint}");
        }

        // A batch times one matrix is one tall product.
        if (Rank > 2 && other.Rank == 2 && !transposeA)
        {
            var folded = Reshape([Shape.Product(0, Rank - 1), inner]).MatMul(other, false, transposeB);
            return folded.Reshape([.. Shape.Sizes[..^1], folded.Shape[^1]]);
        }

        var batchA = Shape.Create(Shape.Sizes[..^2]);
        var batchB = Shape.Create(other.Shape.Sizes[..^2]);
        if (batchA != batchB)
        {
            var batch = Shape.Broadcast("matmul", batchA, batchB);
            return BroadcastTo((int[])[.. batch.Sizes, .. Shape.Sizes[^2..]])
                .MatMul(other.BroadcastTo((int[])[.. batch.Sizes, .. other.Shape.Sizes[^2..]]), transposeA, transposeB);
        }

        var y = Product(this, transposeA, other, transposeB);
        return Record("matmul", y, [this, other], dy => [
            !RequiresGrad ? null : transposeA ? Product(other, transposeB, dy, true) : Product(dy, false, other, !transposeB),
            !other.RequiresGrad ? null : transposeB ? Product(dy, true, this, transposeA) : Product(this, !transposeA, dy, false)]);
    }

    private static unsafe Tensor Product(Tensor a, bool transposeA, Tensor b, bool transposeB)
    {
        var (m, k) = transposeA ? (a.Shape[^1], a.Shape[^2]) : (a.Shape[^2], a.Shape[^1]);
        var n = b.Shape[transposeB ? ^2 : ^1];
        var y = Empty((int[])[.. a.Shape.Sizes[..^2], m, n], a.Device);
        var (aRow, aColumn) = transposeA ? (1, m) : (k, 1);
        var (bRow, bColumn) = transposeB ? (1, k) : (n, 1);
        var batch = a.Shape.Product(0, a.Rank - 2);
        if (a.Device is not CpuDevice)
        {
            var product = new Product(
                batch, m, n, k, ProductOperand.Matrix(aRow, aColumn, m * k), ProductOperand.Matrix(bColumn, bRow, k * n),
                ProductOperand.Matrix(n, 1, m * n), ProductBias.None);
            DeviceProduct.Run(a.Device, product, a.View, b.View, y.View, y.View);
        }
        else if (batch == 1)
        {
            Gemm.Multiply(m, n, k, a.Floats, aRow, aColumn, b.Floats, bRow, bColumn, y.Floats, n);
        }
        else
        {
            Gemm.MultiplyBatched(
                batch, m, n, k, a.Floats, (long)m * k, aRow, aColumn, b.Floats, (long)k * n, bRow, bColumn, y.Floats, (long)m * n, n);
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return y;
    }
}

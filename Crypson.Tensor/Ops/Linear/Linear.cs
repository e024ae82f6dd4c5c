using Crypson.Cpu;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// x Wᵀ + b for x [..., in], weight [out, in] and bias [out]: the result is [..., out].
    /// Gradients: dx = dy W, dW = dyᵀ x, db = the sum of dy's rows.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public unsafe Tensor Linear(Tensor weight, Tensor? bias = null)
    {
        SameDevice("linear", this, weight);
        if (weight.Rank != 2 || Rank < 1 || Shape[^1] != weight.Shape[1])
        {
            throw new ArgumentException($"linear: input {Shape} does not fit weight {weight.Shape}; the last axis must be the weight's second");
        }

        if (bias is not null && (bias.Rank != 1 || bias.Shape[0] != weight.Shape[0]))
        {
            throw new ArgumentException($"linear: bias {bias.Shape} does not fit weight {weight.Shape}");
        }

        SameDevice("linear", this, bias ?? weight);
        var (outputs, inputs) = (weight.Shape[0], weight.Shape[1]);
        var rows = Shape.Product(0, Rank - 1);
        var y = Empty((int[])[.. Shape.Sizes[..^1], outputs], Device);
        if (Device is CpuDevice)
        {
            Gemm.Multiply(
                rows, outputs, inputs, Floats, inputs, 1, weight.Floats, 1, inputs, y.Floats, outputs, columnBias: bias is null ? null : bias.Floats);
        }
        else
        {
            var product = new Product(
                1, rows, outputs, inputs, ProductOperand.Matrix(inputs, 1), ProductOperand.Matrix(inputs, 1), ProductOperand.Matrix(outputs, 1),
                bias is null ? ProductBias.None : ProductBias.Columns);
            DeviceProduct.Run(Device, product, View, weight.View, (bias ?? y).View, y.View);
        }

        return Record("linear", y, bias is null ? [this, weight] : [this, weight, bias], dy =>
        {
            Tensor? dx = null, dWeight = null;
            if (RequiresGrad)
            {
                dx = EmptyLike();
                if (Device is CpuDevice)
                {
                    Gemm.Multiply(rows, inputs, outputs, dy.Floats, outputs, 1, weight.Floats, inputs, 1, dx.Floats, inputs);
                }
                else
                {
                    var product = new Product(
                        1, rows, inputs, outputs, ProductOperand.Matrix(outputs, 1), ProductOperand.Matrix(1, inputs), ProductOperand.Matrix(inputs, 1),
                        ProductBias.None);
                    DeviceProduct.Run(Device, product, dy.View, weight.View, dx.View, dx.View);
                }
            }

            if (weight.RequiresGrad)
            {
                dWeight = weight.EmptyLike();
                if (Device is CpuDevice)
                {
                    Gemm.Multiply(outputs, inputs, rows, dy.Floats, 1, outputs, Floats, inputs, 1, dWeight.Floats, inputs);
                }
                else
                {
                    var product = new Product(
                        1, outputs, inputs, rows, ProductOperand.Matrix(1, outputs), ProductOperand.Matrix(1, inputs), ProductOperand.Matrix(inputs, 1),
                        ProductBias.None);
                    DeviceProduct.Run(Device, product, dy.View, View, dWeight.View, dWeight.View);
                }
            }

            return bias is null ? [dx, dWeight] : [dx, dWeight, bias.RequiresGrad ? dy.Reshape([rows, outputs]).Sum([0]) : null];
        });
    }
}

using Crypson.Tests.Ops;
using MathNet.Numerics;

namespace Crypson.Tests;

/// <summary>The table of all operations: a new operation adds its rows here and is then tested in every way.</summary>
public static class OpCases
{
    private static readonly int[] Labels = [2, 0, 4, 4, 1, 3];

    public static IReadOnlyList<OpCase> All { get; } = [
        Unary("negate", x => -x, x => -x),
        Unary("add number", x => x + 1.5f, x => x + 1.5) with { Magnitude = 1 },
        Unary("add to number", x => 1.5f + x, x => 1.5 + x) with { Magnitude = 1 },
        Unary("subtract number", x => x - 0.7f, x => x - 0.7f) with { Magnitude = 1 },
        Unary("subtract from number", x => 0.7f - x, x => 0.7f - x) with { Magnitude = 1 },
        Unary("multiply number", x => x * -1.7f, x => x * -1.7f),
        Unary("multiply by number", x => 3.1f * x, x => 3.1f * x),
        Unary("divide number", x => x / 0.3f, x => x / 0.3f),
        Unary("divide into number", x => 0.3f / x, x => 0.3f / x) with { Kinks = [0] },
        Unary("exp", x => x.Exp(), Math.Exp) with { Low = -10, High = 10 },
        Unary("log", x => x.Log(), Math.Log) with { Low = 1e-3, High = 20 },
        Unary("sqrt", x => x.Sqrt(), Math.Sqrt) with { Low = 1e-3, High = 20 },
        Unary("square", x => x.Square(), x => x * x),
        Unary("pow 0", x => x.Pow(0), _ => 1),
        Unary("pow 1", x => x.Pow(1), x => x),
        Unary("pow 3", x => x.Pow(3), x => x * x * x),
        Unary("pow -1", x => x.Pow(-1), x => 1 / x) with { Kinks = [0] },
        Unary("pow -2", x => x.Pow(-2), x => 1 / (x * x)) with { Kinks = [0] },
        Unary("pow 0.5", x => x.Pow(0.5f), x => Math.Pow(x, 0.5)) with { Low = 1e-3, High = 20 },
        Unary("pow 2.5", x => x.Pow(2.5f), x => Math.Pow(x, 2.5)) with { Low = 1e-3, High = 20 },
        Unary("abs", x => x.Abs(), Math.Abs) with { Kinks = [0] },
        // Near a zero of sine or cosine the argument's own rounding shows: absolute, not relative.
        Unary("sin", x => x.Sin(), Math.Sin) with { Low = -10, High = 10, Magnitude = 1 },
        Unary("cos", x => x.Cos(), Math.Cos) with { Low = -10, High = 10, Magnitude = 1 },
        Unary("clamp", x => x.Clamp(-0.5f, 1.25f), x => Math.Clamp(x, -0.5, 1.25)) with { Kinks = [-0.5, 1.25] },
        Unary("relu", x => x.Relu(), x => double.IsNaN(x) ? x : Math.Max(x, 0)) with { Kinks = [0] },
        Unary("leaky relu", x => x.LeakyRelu(0.2f), x => x > 0 || double.IsNaN(x) ? x : 0.2f * x) with { Kinks = [0] },
        // 1 - y² and 1 - y inherit the rounding of y.
        Unary("tanh", x => x.Tanh(), Math.Tanh) with { Low = -4, High = 4, Magnitude = 0.2 },
        Unary("sigmoid", x => x.Sigmoid(), SpecialFunctions.Logistic) with { Low = -8, High = 8, Magnitude = 0.2 },
        Unary("silu", x => x.Silu(), x => double.IsNegativeInfinity(x) ? 0 : x / (1 + Math.Exp(-x))) with { Low = -8, High = 8, Magnitude = 1 },

        Binary("add", (a, b) => a + b, (a, b) => a + b) with { Magnitude = 1 },
        Binary("subtract", (a, b) => a - b, (a, b) => a - b) with { Magnitude = 1 },
        Binary("multiply", (a, b) => a * b, (a, b) => a * b),
        Binary("divide", (a, b) => a / b, (a, b) => a / b) with { Kinks = [0] },
        Binary("maximum", Tensor.Maximum, (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b)),
        Binary("minimum", Tensor.Minimum, (a, b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Min(a, b)),
        Broadcast("add row", [4, 5], [5], (a, b) => a + b, (a, b) => a + b),
        Broadcast("subtract column", [4, 5], [4, 1], (a, b) => a - b, (a, b) => a - b),
        Broadcast("multiply both", [4, 1, 5], [3, 1], (a, b) => a * b, (a, b) => a * b),
        // The divisor's gradient sums terms of a / b²: 5 in root mean square where b is smallest.
        Broadcast("divide by channel", [2, 3, 2, 2], [3, 1, 1], (a, b) => a / b, (a, b) => a / b) with { Low = 0.5, Magnitude = 8 },
        Broadcast("divide scalar", [], [2, 3], (a, b) => a / b, (a, b) => a / b) with { Low = 0.5 },
        Broadcast("maximum scalar", [2, 3], [], Tensor.Maximum, Math.Max),
        Broadcast("minimum middle", [2, 1, 3], [2, 4, 3], Tensor.Minimum, Math.Min),

        Rows("softmax last", x => x.Softmax(), x => Reference.Softmax(x, 2, false)),
        Rows("softmax first", x => x.Softmax(0), x => Reference.Softmax(x, 0, false)),
        Rows("softmax middle", x => x.Softmax(-2), x => Reference.Softmax(x, 1, false)),
        Rows("log softmax last", x => x.LogSoftmax(), x => Reference.Softmax(x, 2, true)),
        Rows("log softmax middle", x => x.LogSoftmax(1), x => Reference.Softmax(x, 1, true)),
        Rows("sum", x => x.Sum(), x => x.Sum(0, 1, 2).Reshape()),
        Rows("sum inner", x => x.Sum([-1]), x => x.Sum(2).Squeeze(2)),
        Rows("sum outer", x => x.Sum([0, 1], keepDimensions: true), x => x.Sum(0, 1)),
        Rows("sum middle", x => x.Sum([1]), x => x.Sum(1).Squeeze(1)),
        Rows("sum ends", x => x.Sum([0, 2]), x => x.Sum(0, 2).Squeeze(2).Squeeze(0)),
        Rows("mean", x => x.Mean(), x => x.Mean(0, 1, 2).Reshape()),
        Rows("mean middle", x => x.Mean([1], keepDimensions: true), x => x.Mean(1)),
        Rows("max last", x => x.Max(-1), x => x.Max(2).Squeeze(2)),
        Rows("max first", x => x.Max(0, keepDimensions: true), x => x.Max(0)),
        Rows("max outer", x => x.Max([0, 2]), x => x.Max(0, 2).Reshape(x.Shape[1])),
        Rows("max inner", x => x.Max([-1, 1], keepDimensions: true), x => x.Max(1, 2)),
        Rows("min outer", x => x.Min([0, 2], keepDimensions: true), x => x.Map(v => -v).Max(0, 2).Map(v => -v)),
        Rows("max", x => x.Max(), x => x.Max(0, 1, 2).Reshape()),
        Rows("min middle", x => x.Min(1), x => x.Map(v => -v).Max(1).Map(v => -v).Squeeze(1)),
        Rows("min", x => x.Min(), x => x.Map(v => -v).Max(0, 1, 2).Map(v => -v).Reshape()),

        MatMul("matmul", [5, 7], [7, 3], false, false),
        MatMul("matmul ta", [7, 5], [7, 3], true, false),
        MatMul("matmul tb", [5, 7], [3, 7], false, true),
        MatMul("matmul ta tb", [7, 5], [3, 7], true, true),
        MatMul("matmul batch", [2, 3, 4, 5], [2, 3, 5, 2], false, false),
        MatMul("matmul batch ta tb", [3, 5, 4], [3, 2, 5], true, true),
        MatMul("matmul batch by matrix", [3, 4, 5], [5, 2], false, false),
        MatMul("matmul matrix by batch", [5, 4], [3, 5, 2], true, false),
        MatMul("matmul batches broadcast", [2, 1, 4, 5], [3, 5, 2], false, false),
        MatMul("matmul over nothing", [3, 4, 0], [0, 2], false, false),
        MatMul("matmul by vector", [6, 9], [9, 1], false, false),
        MatMul("matmul vector by", [1, 9], [6, 9], false, true),
        new("linear", [[6, 5], [4, 5], [4]], [[300, 70], [90, 70], [90]], x => x[0].Linear(x[1], x[2]),
            x => Nd.MatMul(x[0], x[1], false, true) + x[2]) { Magnitude = 4 },
        new("linear without bias", [[2, 3, 5], [4, 5]], [[3, 100, 70], [90, 70]], x => x[0].Linear(x[1]),
            x => Nd.MatMul(x[0], x[1], false, true)) { Magnitude = 4 },
        new("linear vector", [[5], [4, 5], [4]], [[700], [900, 700], [900]], x => x[0].Linear(x[1], x[2]),
            x => Nd.MatMul(x[0].Reshape(1, 5), x[1], false, true).Reshape(4) + x[2]) { Magnitude = 4 },

        Exact("reshape", x => x.Reshape([-1, 4]), x => x.Reshape(x.Values.Length / 4, 4)),
        Exact("flatten", x => x.Flatten(), x => x.Reshape(x.Shape[0], -1 * x.Shape[1] * -x.Shape[2])),
        Exact("transpose", x => x.Transpose(), x => x.Permute(0, 2, 1)),
        Exact("transpose outer", x => x.Transpose(0, -1), x => x.Permute(2, 1, 0)),
        Exact("permute", x => x.Permute([2, 0, 1]), x => x.Permute(2, 0, 1)),
        Exact("slice", x => x.Slice(1, 1, 2), x => x.Slice(1, 1, 2)),
        Exact("slice nothing", x => x.Slice(0, 1, 0), x => x.Slice(0, 1, 0)),
        new("broadcast to", [[3, 1]], [[300, 1]], x => x[0].BroadcastTo([2, x[0].Shape[0], 50]), x => x[0].BroadcastTo([2, x[0].Shape[0], 50])) { Magnitude = 10 },
        new("concat", [[2, 3, 4], [2, 1, 4], [2, 2, 4]], [[9, 3, 4000], [9, 1, 4000], [9, 2, 4000]], x => Tensor.Concat(x, 1), x => Reference.Concat(1, x)),
        new("concat last", [[2, 3], [2, 1]], [[9, 3000], [9, 1000]], x => Tensor.Concat(x, -1), x => Reference.Concat(1, x)),
        new("concat itself", [[2, 3]], [[9, 3000]], x => Tensor.Concat([x[0], x[0]]), x => Reference.Concat(0, x[0], x[0])) { Magnitude = 1 },
        new("gather", [[5, 3]], [[5, 3]], x => x[0].Gather(0, Indices(x[0], [2, 3])), x => Reference.Gather(x[0], 0, Labels, [2, 3])) { Magnitude = 1 },
        new("gather inner", [[3, 5]], [[3, 5]], x => x[0].Gather(-1, Indices(x[0], [3, 2])), x => Reference.Gather(x[0], 1, Labels, [3, 2])) { Magnitude = 1 },
        new("scatter add", [[5, 3], [2, 3]], [[5, 3], [2, 3]], x => x[0].ScatterAdd(0, Indices(x[0], [2, 3]), x[1]),
            x => Reference.ScatterAdd(x[0], 0, Labels, x[1])) { Magnitude = 1 },
        new("embedding", [[5, 3]], [[5, 3000]], x => x[0].Embedding(Indices(x[0], [3, 2])), x => Reference.Embedding(x[0], Labels, [3, 2])) { Magnitude = 1 },

        Conv("conv2d", [2, 2, 4, 3], [3, 2, 3, 3], true, 1, 1, 1),
        Conv("conv2d stride 2", [1, 2, 7, 6], [2, 2, 3, 3], true, 2, 1, 1),
        Conv("conv2d stride 3 odd", [1, 2, 7, 8], [3, 2, 2, 3], false, (3, 2), (0, 2), 1),
        Conv("conv2d dilated", [1, 2, 7, 6], [2, 2, 3, 2], true, (1, 2), (2, 0), (2, 3)),
        Conv("conv2d 1x1", [3, 1, 1, 1], [2, 1, 1, 1], true, 1, 0, 1),
        Conv("conv2d kernel of the image", [2, 2, 4, 3], [3, 2, 4, 3], false, 1, 0, 1),
        ConvTranspose("convtranspose2d", [2, 2, 3, 2], [2, 3, 3, 3], true, 1, 0, 0, 1),
        ConvTranspose("convtranspose2d stride 2", [1, 2, 3, 4], [2, 2, 3, 3], true, 2, 1, 1, 1),
        ConvTranspose("convtranspose2d odd", [1, 2, 2, 3], [2, 3, 4, 2], false, (3, 2), (1, 0), (2, 1), 1),
        ConvTranspose("convtranspose2d dilated", [2, 2, 3, 3], [2, 1, 2, 3], true, (2, 1), (1, 0), (0, 1), (3, 2)),
        ConvTranspose("convtranspose2d 1x1 image", [2, 3, 1, 1], [3, 2, 4, 4], false, 1, 0, 0, 1),

        Pool("maxpool", 2, 2, 0, true),
        Pool("maxpool overlapping", 3, 2, 1, true),
        Pool("maxpool odd", (2, 3), (1, 2), (1, 0), true),
        Pool("avgpool", 2, 2, 0, false),
        Pool("avgpool overlapping", 3, 2, 1, false),
        Pool("avgpool odd", (2, 3), (1, 2), (1, 0), false),

        // Statistics of a few values: the error of 1/√variance is shared by all of them.
        new("batchnorm train", [[3, 2, 2, 3], [2], [2]], [[30, 3, 20, 20], [3], [3]],
            x => x[0].BatchNorm(x[1], x[2], Tensor.Zeros([x[1].Count], x[1].Device), Tensor.Ones([x[1].Count], x[1].Device), true),
            x => Reference.BatchNorm(x[0], x[1], x[2], null, null, 1e-5f)) { Magnitude = 4 },
        new("batchnorm train matrix", [[6, 3], [3], [3]], [[300, 40], [40], [40]],
            x => x[0].BatchNorm(x[1], x[2], Tensor.Zeros([x[1].Count], x[1].Device), Tensor.Ones([x[1].Count], x[1].Device), true, eps: 1e-3f),
            x => Reference.BatchNorm(x[0], x[1], x[2], null, null, 1e-3f)) { Magnitude = 4 },
        new("batchnorm eval", [[3, 2, 2, 3], [2], [2], [2], [2]], [[30, 3, 20, 20], [3], [3], [3], [3]],
            x => x[0].BatchNorm(x[1], x[2], x[3].Detach(), x[4].Detach(), false),
            x => Reference.BatchNorm(x[0], x[1], x[2], x[3], x[4], 1e-5f)) { Low = 0.25, High = 2, Constant = [3, 4], Magnitude = 4 },
        new("layernorm", [[3, 2, 6], [6], [6]], [[30, 20, 50], [50], [50]], x => x[0].LayerNorm(x[1], x[2]),
            x => Reference.LayerNorm(x[0], x[1], x[2], 1e-5f)) { Magnitude = 4 },
        new("minmax", [[3, 1, 2, 3]], [[30, 1, 20, 30]], x => x[0].MinMaxNormalize(), x => Reference.MinMax(x[0], false)) { Magnitude = 2 },
        new("minmax batch", [[3, 1, 2, 3]], [[30, 1, 20, 30]], x => x[0].MinMaxNormalize(true), x => Reference.MinMax(x[0], true)) { Magnitude = 2 },
        new("dropout", [[5, 7]], [[100, 333]], x => x[0].Dropout(0.3f, new Philox(5)), x => x[0] * Kept(x[0], 0.3f)),

        new("crossentropy mean", [[6, 5]], [[6, 500]], x => x[0].CrossEntropy(Indices(x[0], [6])), x => Reference.CrossEntropy(x[0], Labels, true)) { Magnitude = 1 },
        new("crossentropy sum", [[6, 5]], [[6, 500]], x => x[0].CrossEntropy(Indices(x[0], [6]), LossReduction.Sum),
            x => Reference.CrossEntropy(x[0], Labels, false)) { Magnitude = 1 },
        // log(1 - x) inherits the rounding of 1 - x.
        Loss("bce mean", (x, t) => x.BinaryCrossEntropy(t), x => Reference.Join(Nd.Zip(x[0], x[1], Bce), true)) with { Low = 0.01, High = 0.99, Magnitude = 1 },
        Loss("bce sum", (x, t) => x.BinaryCrossEntropy(t, LossReduction.Sum), x => Reference.Join(Nd.Zip(x[0], x[1], Bce), false))
            with { Low = 0.01, High = 0.99, Magnitude = 4 },
        Loss("bce logits mean", (x, t) => x.BinaryCrossEntropyWithLogits(t), x => Reference.Join(Nd.Zip(x[0], x[1], BceLogits), true)) with { Low = -6, High = 6, Magnitude = 1 },
        Loss("bce logits sum", (x, t) => x.BinaryCrossEntropyWithLogits(t, LossReduction.Sum), x => Reference.Join(Nd.Zip(x[0], x[1], BceLogits), false))
            with { Magnitude = 4 },
        new("kl", [[4, 3], [4, 3]], [[400, 30], [400, 30]], x => Tensor.KlStandardNormal(x[0], x[1]),
            x => Reference.Join(Nd.Zip(x[0], x[1], (mean, log) => -0.5 * (1 + log - (mean * mean) - Math.Exp(log))), false)) { Magnitude = 4 },
    ];

    private static IndexTensor Indices(Tensor operand, Shape shape) => IndexTensor.FromSpan(Labels, shape, operand.Device);

    private static double Bce(double x, double t) => -((t * Math.Log(x)) + ((1 - t) * Math.Log(1 - x)));

    private static double BceLogits(double x, double t) => Math.Max(x, 0) - (x * t) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static OpCase Unary(string name, Func<Tensor, Tensor> run, Func<double, double> reference) =>
        new(name, [[3, 7]], [[3, 9001]], x => run(x[0]), x => x[0].Map(reference)) { Unary = reference };

    private static OpCase Binary(string name, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> reference) =>
        new(name, [[3, 7], [3, 7]], [[3, 9001], [3, 9001]], x => run(x[0], x[1]), x => Nd.Zip(x[0], x[1], reference)) { Binary = reference };

    private static OpCase Broadcast(string name, int[] a, int[] b, Func<Tensor, Tensor, Tensor> run, Func<double, double, double> reference) =>
        new(name, [a, b], [Grow(a, 20), Grow(b, 20)], x => run(x[0], x[1]), x => Nd.Zip(x[0], x[1], reference)) { Magnitude = 4 };

    private static OpCase Rows(string name, Func<Tensor, Tensor> run, Func<Nd, Nd> reference) =>
        new(name, [[3, 5, 4]], [[30, 50, 40]], x => run(x[0]), x => reference(x[0])) { Magnitude = 2 };

    private static OpCase Exact(string name, Func<Tensor, Tensor> run, Func<Nd, Nd> reference) =>
        new(name, [[3, 5, 4]], [[30, 50, 40]], x => run(x[0]), x => reference(x[0]));

    private static OpCase Loss(string name, Func<Tensor, Tensor, Tensor> run, Func<Nd[], Nd> reference) =>
        new(name, [[5, 3], [5, 3]], [[500, 30], [500, 30]], x => run(x[0], x[1].Detach()), reference) { Constant = [1] };

    private static OpCase MatMul(string name, int[] a, int[] b, bool transposeA, bool transposeB)
    {
        var factor = a.Length + b.Length > 4 ? 5 : 20;
        return new(
            name, [a, b], [Grow(a, factor), Grow(b, factor)], x => x[0].MatMul(x[1], transposeA, transposeB),
            x => Nd.MatMul(x[0], x[1], transposeA, transposeB))
        { Magnitude = 8 };
    }

    private static OpCase Conv(string name, int[] image, int[] weight, bool bias, Size2 stride, Size2 padding, Size2 dilation)
    {
        int[][] shapes = bias ? [image, weight, [weight[0]]] : [image, weight];
        int[] big = [30, image[1], image[2] + 8, image[3] + 9];
        return new(
            name, shapes, [big, .. shapes[1..]], x => x[0].Conv2d(x[1], bias ? x[2] : null, stride, padding, dilation),
            x => Reference.Conv2d(x[0], x[1], bias ? x[2] : null, stride, padding, dilation))
        { Magnitude = 8 };
    }

    private static OpCase ConvTranspose(
        string name, int[] image, int[] weight, bool bias, Size2 stride, Size2 padding, Size2 outputPadding, Size2 dilation)
    {
        int[][] shapes = bias ? [image, weight, [weight[1]]] : [image, weight];
        int[] big = [30, image[1], image[2] + 8, image[3] + 9];
        return new(
            name, shapes, [big, .. shapes[1..]], x => x[0].ConvTranspose2d(x[1], bias ? x[2] : null, stride, padding, outputPadding, dilation),
            x => Reference.ConvTranspose2d(x[0], x[1], bias ? x[2] : null, stride, padding, outputPadding, dilation))
        { Magnitude = 8 };
    }

    private static OpCase Pool(string name, Size2 kernel, Size2 stride, Size2 padding, bool max) =>
        new(
            name, [[2, 3, 6, 7]], [[20, 9, 16, 17]], x => max ? x[0].MaxPool2d(kernel, stride, padding) : x[0].AvgPool2d(kernel, stride, padding),
            x => Reference.Pool2d(x[0], kernel, stride, padding, max))
        { Magnitude = 2 };

    // Sizes that are not 1 (and so broadcast) grow alike in both operands.
    private static int[] Grow(int[] shape, int factor) => [.. shape.Select(size => size == 1 ? 1 : size * factor)];

    private static Nd Kept(Nd x, float p)
    {
        var uniform = new float[x.Values.Length];
        new Philox(5).Uniform(uniform);
        return new Nd([.. uniform.Select(u => u >= p ? 1 / (1 - (double)p) : 0)], x.Shape);
    }
}

namespace Crypson.Tests;

/// <summary>Operands that do not fit are refused at the public method, by name of the operation and with the shapes.</summary>
public sealed class BadOperandTests
{
    private static readonly Dictionary<string, (Action Call, string[] Says)> Cases = new()
    {
        ["add"] = (() => _ = T(2, 3) + T(2, 4), ["add", "[2, 3]", "[2, 4]"]),
        ["subtract"] = (() => _ = T(2, 3) - T(4, 3), ["subtract", "[2, 3]", "[4, 3]"]),
        ["multiply"] = (() => _ = T(2) * T(3), ["multiply", "[2]", "[3]"]),
        ["divide"] = (() => _ = T(2, 1, 2) / T(3), ["divide", "[2, 1, 2]", "[3]"]),
        ["maximum"] = (() => Tensor.Maximum(T(2), T(3)), ["maximum", "[2]", "[3]"]),
        ["minimum"] = (() => Tensor.Minimum(T(2), T(3)), ["minimum", "[2]", "[3]"]),
        ["clamp"] = (() => T(2).Clamp(1, 0), ["clamp", "1", "0"]),
        ["clamp nan"] = (() => T(2).Clamp(float.NaN, 0), ["clamp", "NaN"]),
        ["broadcast to"] = (() => T(2, 3).BroadcastTo([2, 4]), ["broadcast to", "[2, 3]", "[2, 4]"]),
        ["broadcast to less"] = (() => T(2, 3).BroadcastTo([3]), ["broadcast to", "[2, 3]", "[3]"]),
        ["softmax"] = (() => T(2, 3).Softmax(2), ["softmax", "axis 2", "[2, 3]"]),
        ["log softmax"] = (() => T(2, 3).LogSoftmax(-3), ["log softmax", "axis -3", "[2, 3]"]),
        ["sum"] = (() => T(2, 3).Sum([2]), ["sum", "axis 2", "[2, 3]"]),
        ["sum twice"] = (() => T(2, 3).Sum([1, -1]), ["sum", "axis -1", "twice"]),
        ["mean"] = (() => T(2, 3).Mean([5]), ["mean", "axis 5", "[2, 3]"]),
        ["max"] = (() => T(2, 3).Max(2), ["max", "axis 2", "[2, 3]"]),
        ["max over an axis twice"] = (() => T(2, 3).Max([1, -1]), ["max", "axis -1", "twice"]),
        ["max over nothing"] = (() => T(2, 0, 3).Max([1, 2]), ["max", "no elements"]),
        ["max of nothing"] = (() => T(2, 0).Max(1), ["max", "[2, 0]", "no elements"]),
        ["min"] = (() => T(2, 3).Min(2), ["min", "axis 2", "[2, 3]"]),
        ["min of nothing"] = (() => T(2, 0).Min(1), ["min", "[2, 0]", "no elements"]),
        ["argmax"] = (() => T(2, 3).ArgMax(2), ["argmax", "axis 2", "[2, 3]"]),
        ["matmul"] = (() => T(32, 784).MatMul(T(512, 10)), ["matmul", "[32, 784]", "[512, 10]", "784 and 512"]),
        ["matmul hint"] = (() => T(32, 784).MatMul(T(10, 784)), ["matmul", "hint", "transposeB"]),
        ["matmul vector"] = (() => T(3).MatMul(T(3, 2)), ["matmul", "[3]", "[3, 2]"]),
        ["matmul batch"] = (() => T(2, 3, 4).MatMul(T(3, 4, 5)), ["matmul", "[2]", "[3]"]),
        ["linear"] = (() => T(2, 3).Linear(T(4, 5)), ["linear", "[2, 3]", "[4, 5]"]),
        ["linear bias"] = (() => T(2, 5).Linear(T(4, 5), T(5)), ["linear", "[5]", "[4, 5]"]),
        ["reshape"] = (() => T(2, 3).Reshape([4]), ["reshape", "[2, 3]", "[4]"]),
        ["reshape open"] = (() => T(2, 3).Reshape([4, -1]), ["reshape", "[2, 3]", "[4, -1]"]),
        ["reshape two open"] = (() => T(2, 3).Reshape([-1, -1]), ["negative", "-1"]),
        ["flatten"] = (() => T(2, 3).Flatten(2), ["flatten", "axis 2", "[2, 3]"]),
        ["transpose"] = (() => T(2, 3).Transpose(0, 2), ["transpose", "axis 2", "[2, 3]"]),
        ["permute"] = (() => T(2, 3).Permute([0]), ["permute", "1 axes", "[2, 3]"]),
        ["permute twice"] = (() => T(2, 3).Permute([0, 0]), ["permute", "axis 0", "twice"]),
        ["slice"] = (() => T(2, 3).Slice(1, 2, 2), ["slice", "2 to 4", "[2, 3]"]),
        ["slice negative"] = (() => T(2, 3).Slice(1, -1, 2), ["slice", "-1", "[2, 3]"]),
        ["concat"] = (() => Tensor.Concat([T(2, 3), T(3, 3)], 1), ["concat", "[2, 3]", "[3, 3]"]),
        ["concat nothing"] = (() => Tensor.Concat([]), ["concat", "no tensors"]),
        ["gather"] = (() => T(2, 3).Gather(0, I([2, 4])), ["gather", "[2, 3]", "[2, 4]"]),
        ["gather range"] = (() => T(2, 3).Gather(0, I([1, 3], 0, 2, 0)), ["gather", "index 2", "position 1"]),
        ["scatter add"] = (() => T(2, 3).ScatterAdd(0, I([1, 3]), T(2, 3)), ["scatter add", "[2, 3]", "[1, 3]"]),
        ["embedding"] = (() => T(2, 3).Embedding(I([2], 1, -1)), ["embedding", "index -1", "position 1"]),
        ["embedding table"] = (() => T(2).Embedding(I([2])), ["embedding", "[2]"]),
        ["conv2d rank"] = (() => T(3, 8, 8).Conv2d(T(4, 3, 3, 3)), ["conv2d", "[3, 8, 8]", "[4, 3, 3, 3]"]),
        ["conv2d channels"] = (() => T(1, 2, 8, 8).Conv2d(T(4, 3, 3, 3)), ["conv2d", "[1, 2, 8, 8]", "2 channels", "3"]),
        ["conv2d bias"] = (() => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), T(3)), ["conv2d", "[3]", "[4, 3, 3, 3]"]),
        ["conv2d kernel"] = (() => T(1, 3, 2, 8).Conv2d(T(4, 3, 3, 3)), ["conv2d", "larger", "[1, 3, 2, 8]"]),
        ["conv2d stride"] = (() => T(1, 3, 8, 8).Conv2d(T(4, 3, 3, 3), stride: 0), ["conv2d", "stride 0"]),
        ["convtranspose2d"] = (() => T(1, 3, 8, 8).ConvTranspose2d(T(4, 3, 3, 3)), ["conv transpose2d", "3 channels", "[4, 3, 3, 3]"]),
        ["convtranspose2d output padding"] = (() => T(1, 3, 8, 8).ConvTranspose2d(T(3, 4, 3, 3), outputPadding: 1), ["conv transpose2d", "output padding 1"]),
        ["convtranspose2d empty"] = (() => T(1, 3, 1, 1).ConvTranspose2d(T(3, 4, 3, 3), padding: 2), ["conv transpose2d", "no pixels"]),
        ["maxpool"] = (() => T(1, 3, 2, 8).MaxPool2d(3), ["max pool2d", "[1, 3, 2, 8]", "larger"]),
        ["avgpool"] = (() => T(1, 3, 8, 8).AvgPool2d(2, padding: 2), ["avg pool2d", "padding 2"]),
        ["batchnorm"] = (() => T(2, 3, 4, 4).BatchNorm(T(3), T(3), T(3), T(2), true), ["batch norm", "[2, 3, 4, 4]", "[2]"]),
        ["batchnorm one value"] = (() => T(1, 3).BatchNorm(T(3), T(3), T(3), T(3), true), ["batch norm", "one value", "[1, 3]"]),
        ["layernorm"] = (() => T(2, 3).LayerNorm(T(2)), ["layer norm", "[2]", "[2, 3]"]),
        ["dropout"] = (() => T(2).Dropout(1, new Philox(1)), ["dropout", "1"]),
        ["crossentropy"] = (() => T(2, 3).CrossEntropy(I([3])), ["cross entropy", "[2, 3]", "[3]"]),
        ["crossentropy class"] = (() => T(2, 3).CrossEntropy(I([2], 0, 3)), ["cross entropy", "index 3", "position 1"]),
        ["bce"] = (() => T(2, 3).BinaryCrossEntropy(T(3)), ["binary cross entropy", "[2, 3]", "[3]"]),
        ["bce logits"] = (() => T(2, 3).BinaryCrossEntropyWithLogits(T(2)), ["binary cross entropy with logits", "[2, 3]", "[2]"]),
        ["bce target"] = (() => T(2).BinaryCrossEntropy(Leaf(2)), ["binary cross entropy", "target", "Detach"]),
        ["kl"] = (() => Tensor.KlStandardNormal(T(2), T(3)), ["kl", "[2]", "[3]"]),
        ["add in place"] = (() => T(2).AddInPlace(T(3)), ["add in place", "[2]", "[3]"]),
        ["copy from"] = (() => T(2).CopyFrom(T(3)), ["copy from", "[2]", "[3]"]),
        ["from span"] = (() => Tensor.FromSpan([1, 2, 3], [2]), ["from span", "3 values", "[2]"]),
        ["item"] = (() => T(2).Item(), ["item", "[2]"]),
        ["shape"] = (() => Tensor.Zeros([2, -1]), ["negative", "[2, -1]"]),
        ["shape too large"] = (() => Tensor.Zeros([1 << 16, 1 << 16]), ["[65536, 65536]", "elements"]),
    };

    public static IEnumerable<TheoryDataRow<string>> Names() => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_error_names_the_operation_and_the_shapes(string name)
    {
        var (call, says) = Cases[name];
        var error = Assert.ThrowsAny<Exception>(call);
        Assert.True(error is ArgumentException or InvalidOperationException, $"{error.GetType()}: {error.Message}");
        Assert.All(says, part => Assert.Contains(part, error.Message));
        Assert.False(error.Message.Split('\n')[0].EndsWith('.'), error.Message);
    }

    private static Tensor T(params int[] shape) => Tensor.Zeros(Shape.Create(shape));

    private static Tensor Leaf(params int[] shape)
    {
        var tensor = T(shape);
        tensor.RequiresGrad = true;
        return tensor;
    }

    private static IndexTensor I(int[] shape, params int[] values)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        return IndexTensor.FromSpan(values.Length == 0 ? new int[count] : values, Shape.Create(shape));
    }
}

namespace Crypson.Tests;

public class BatchNormTests
{
    private static readonly (int Batch, int Channels, int Run)[] Shapes =
        [(3, 1, 1), (3, 70, 1), (5, 17, 3), (4, 19, 4), (2, 33, 5), (3, 9, 8), (3, 6, 9), (2, 5, 31), (17, 3, 33), (2, 2, 70), (2, 1, 1500), (2, 2, 9001), (130, 40, 16)];

    public static IEnumerable<TheoryDataRow<int, int, int, string>> Rows() => DeviceForms.All
        .SelectMany(device => Shapes.Select(shape => new TheoryDataRow<int, int, int, string>(shape.Batch, shape.Channels, shape.Run, device.Data) { Skip = device.Skip }));

    [Theory]
    [MemberData(nameof(Rows))]
    public void With_relu_in_the_same_pass_nothing_changes_by_a_bit(int batch, int channels, int run, string device)
    {
        foreach (var training in new[] { true, false })
        {
            Assert.Equal(Run([batch, channels, run], training, false, DeviceForms.Get(device), withNaN: true), Run([batch, channels, run], training, true, DeviceForms.Get(device), withNaN: true));
        }
    }

    // The largest errors are those of 1 / √variance, which all values of a channel share.
    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_device_gives_what_the_cpu_gives(int batch, int channels, int run, string device)
    {
        foreach (var training in new[] { true, false })
        {
            var want = Run([batch, channels, run], training, true, Device.Cpu, withNaN: false);
            var got = Run([batch, channels, run], training, true, DeviceForms.Get(device), withNaN: false);
            for (var i = 0; i < want.Count; i++)
            {
                var scale = want[i].Max(MathF.Abs);
                for (var j = 0; j < want[i].Length; j++)
                {
                    Assert.True(Math.Abs(want[i][j] - got[i][j]) <= 4e-6 * (scale + 1), $"tensor {i} at {j}: {got[i][j]} instead of {want[i][j]}");
                }
            }
        }
    }

    // The result, the running statistics and the gradients.
    private static List<float[]> Run(int[] shape, bool training, bool fused, Device device, bool withNaN)
    {
        var random = new Philox(7);
        var values = Tensor.Normal(shape, random).ToArray();
        values[^1] = withNaN ? float.NaN : values[^1];
        var x = Tensor.FromSpan(values, shape, device);
        Shape channels = [shape[1]];
        var (weight, bias) = (Tensor.Normal(channels, random, device: device), Tensor.Normal(channels, random, device: device));
        var (mean, variance) = (Tensor.Normal(channels, random, device: device), Tensor.Ones(channels, device));
        foreach (var tensor in (ReadOnlySpan<Tensor>)[x, weight, bias])
        {
            tensor.RequiresGrad = true;
        }

        var y = fused
            ? x.BatchNorm(weight, bias, mean, variance, training, relu: true)
            : x.BatchNorm(weight, bias, mean, variance, training).Relu();
        (y * Tensor.Normal(y.Shape, random, device: device)).Sum().Backward();
        return [y.ToArray(), mean.ToArray(), variance.ToArray(), x.Grad!.ToArray(), weight.Grad!.ToArray(), bias.Grad!.ToArray()];
    }
}

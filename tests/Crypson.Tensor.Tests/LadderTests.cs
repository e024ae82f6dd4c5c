using System.Globalization;
using Crypson.Tests.Cpu;

namespace Crypson.Tests;

/// <summary>
/// Sums and batch normalisation: each way to compute them, on each device, beside the naive one, which adds up a result in one
/// work-item. Products and convolutions have the same in their own tests.
/// </summary>
public sealed class LadderTests
{
    // outer, length, inner: around the lanes (16), the short sums (32), a group (128) and parts of a group (1024).
    private static readonly string[] Sums =
        ["1 1 1", "3 16 1", "5 33 1", "70 127 1", "2 129 1", "3 1000 1", "2 5000 1", "1 200000 1", "1 5000 16", "4 300 48", "1 70000 16", "3 77 5", "1 40000 3"];

    private static readonly string[] SmallSums = ["1 1 1", "5 33 1", "2 129 1", "1 2100 1", "2 300 16", "3 77 5"];

    // batch, channels, run: around the lanes (16, 32), a group (128), four images a part and pieces of a run (4096).
    private static readonly string[] Images = ["2 3 1", "1 5 2", "64 40 1", "9 7 15", "8 3 16", "13 5 49", "128 2 64", "5 3 1024", "2 2 9000", "40 1 300"];

    private static readonly string[] SmallImages = ["2 3 1", "9 2 15", "8 2 16", "5 1 200"];

    public static IEnumerable<TheoryDataRow<string, string, string>> SumRows() => Rows<SumVariant>(Sums, SmallSums, (variant, sizes) => variant switch
    {
        SumVariant.Groups => sizes[2] == 1,
        SumVariant.Runs => sizes[2] == 1 && sizes[1] >= Pieces.Lanes,
        SumVariant.Columns => sizes[2] % Pieces.Lanes == 0,
        _ => true,
    }, variant => variant is SumVariant.Runs or SumVariant.Columns);

    public static IEnumerable<TheoryDataRow<string, string, string>> ImageRows() => Rows<BatchNormVariant>(
        Images, SmallImages, (variant, sizes) => variant != BatchNormVariant.Runs || sizes[2] >= Pieces.Lanes, variant => variant == BatchNormVariant.Runs);

    /// <summary>Whole numbers, whose sums are exact in every order; then such that are rounded.</summary>
    [Theory]
    [MemberData(nameof(SumRows))]
    public void Sums_are_those_of_the_naive_way(string deviceName, string variantName, string sizes)
    {
        var (device, variant, size) = (DeviceList.Get(deviceName), Enum.Parse<SumVariant>(variantName), Parse(sizes));
        var (outer, length, inner) = (size[0], size[1], size[2]);
        float[] random = Numbers.Random(7, outer * length * inner);
        float[] whole = [.. random.Select(value => MathF.Round(value * 8))];
        Assert.Equal(Sum(whole, SumVariant.Naive), Sum(whole, variant));

        var (naive, actual) = (Sum(random, SumVariant.Naive), Sum(random, variant));
        for (var i = 0; i < actual.Length; i++)
        {
            var terms = Enumerable.Range(0, length).Select(j => (double)random[(((i / inner * length) + j) * inner) + (i % inner)]).ToList();
            var magnitude = terms.Sum(Math.Abs);
            Numbers.AssertClose(terms.Sum(), magnitude, naive[i], $"naive, sum {i} of {sizes}");
            Numbers.AssertClose(terms.Sum(), magnitude, actual[i], $"sum {i} of {sizes}");
        }

        float[] Sum(float[] values, SumVariant way)
        {
            using var x = Tensor.FromSpan(values, [outer, length, inner], device);
            using var y = Tensor.FromSpan(ConvolutionCases.Garbage(outer * inner), [outer, inner], device);
            DeviceSum.Run(x, y, length, inner, way);
            return y.ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(ImageRows))]
    public void Batch_norms_are_those_of_the_naive_way(string deviceName, string variantName, string sizes)
    {
        var (device, variant, size) = (DeviceList.Get(deviceName), Enum.Parse<BatchNormVariant>(variantName), Parse(sizes));
        var layout = new BatchNormLayout(size[0], size[1], size[2]);
        Compare(relu: false, center: 1, "mean", "inverse", "running mean", "running variance", "y", "dx", "dWeight", "dBias");
        Compare(relu: true, center: 1, "mean", "inverse", "running mean", "running variance", "y", "dx", "dWeight", "dBias");

        // Far from 0 sums of squares lose their digits, sums of squared deviations do not.
        Compare(relu: false, center: 30, "mean", "inverse", "running mean", "running variance");

        void Compare(bool relu, float center, params string[] names)
        {
            var (naive, actual) = (Run(device, BatchNormVariant.Naive, layout, relu, center), Run(device, variant, layout, relu, center));
            foreach (var name in names)
            {
                // Of the largest result, or of the terms that were added up for it.
                var tolerance = 2e-6 * (1 + naive[name].Max(Math.Abs)) + 1e-8 * layout.PerChannel;
                for (var i = 0; i < naive[name].Length; i++)
                {
                    var (want, got) = (naive[name][i], actual[name][i]);
                    Assert.True(Math.Abs(want - got) <= tolerance, $"{name}[{i}] of {sizes}, relu {relu}: {got:R} instead of {want:R}");
                }
            }
        }
    }

    // Results and gradients of a batch norm of values around a center.
    private static Dictionary<string, float[]> Run(Device device, BatchNormVariant variant, BatchNormLayout layout, bool relu, float center)
    {
        var (channels, count) = (layout.Channels, layout.Batch * layout.Channels * layout.Run);
        using var scope = new TensorScope();
        var x = Of([.. Numbers.Random(1, count).Select(value => value + center)], [layout.Batch, channels, layout.Run]);
        var dy = Of(Numbers.Random(2, count), [layout.Batch, channels, layout.Run]);
        var (weight, bias) = (Of(Numbers.Random(3, channels), [channels]), Of(Numbers.Random(4, channels), [channels]));
        var (runningMean, runningVariance) = (Of(Numbers.Random(5, channels), [channels]), Of(Numbers.Random(6, channels), [channels]));
        var (mean, inverse, y) = (Garbage(channels), Garbage(channels), Garbage(count));
        var norm = new DeviceBatchNorm(x, weight, bias, mean, inverse, layout, training: true, relu, variant);
        norm.Forward(runningMean, runningVariance, 0.1f, 1e-5f, y);
        var gradients = norm.Backward(dy);
        return new()
        {
            ["mean"] = mean.ToArray(),
            ["inverse"] = inverse.ToArray(),
            ["running mean"] = runningMean.ToArray(),
            ["running variance"] = runningVariance.ToArray(),
            ["y"] = y.ToArray(),
            ["dx"] = gradients[0].ToArray(),
            ["dWeight"] = gradients[1].ToArray(),
            ["dBias"] = gradients[2].ToArray(),
        };

        Tensor Of(float[] values, Shape shape) => Tensor.FromSpan(values, shape, device);

        Tensor Garbage(int length) => Of(ConvolutionCases.Garbage(length), [length]);
    }

    private static int[] Parse(string sizes) => [.. sizes.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    private static IEnumerable<TheoryDataRow<string, string, string>> Rows<TVariant>(
        string[] cases, string[] small, Func<TVariant, int[], bool> fits, Func<TVariant, bool> needsLanes)
        where TVariant : struct, Enum => DeviceList.Reports.SelectMany(report => report.Device is not { } device
            ? [new TheoryDataRow<string, string, string>(report.Name, "all", "all") { Skip = TestDevices.Absence(report) }]
            : from variant in Enum.GetValues<TVariant>()
              where Pieces.AreLong(device) || !needsLanes(variant)
              from sizes in device is CpuDevice ? small : cases
              where fits(variant, Parse(sizes))
              select new TheoryDataRow<string, string, string>(report.Name, $"{variant}", sizes));
}

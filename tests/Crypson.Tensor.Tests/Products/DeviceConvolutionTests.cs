using Crypson.Cpu;
using Crypson.Tests.Cpu;

namespace Crypson.Tests.Products;

/// <summary>Each variant of a convolution and of its gradients, on each device, against sums in double precision.</summary>
public sealed class DeviceConvolutionTests
{
    private static readonly string[] Small =
        ["b2 3x5x4 -> 7 k3x2 s2x1 p1 d1x2 e1", "b3 1x6x5 -> 2 k4 s2 p1", "b2 2x1x1 -> 3 k1 s1 p0", "b0 3x4x4 -> 2 k3 s1 p1"];

    // Long sums over few tiles, which are cut into parts; more positions than one slab of packed patches has.
    private static readonly string[] Large = ["b24 1x32x32 -> 9 k4 s2 p1", "b20 70x16x16 -> 5 k3 s1 p1", "b8 70x4x4 -> 16 k4 s1 p0"];

    public static IEnumerable<TheoryDataRow<string, string, string>> Cases() => VariantRows.Of(ConvolutionCases.All().Concat(Large), Small);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_the_direct_sum(string deviceName, string variantName, string spec)
    {
        var device = DeviceList.Get(deviceName);
        var variant = Enum.Parse<ProductVariant>(variantName);
        var s = ConvolutionCases.Parse(spec);
        var (x, weight, dy) = ConvolutionCases.Operands(s);
        var (outBias, inBias) = (Numbers.Random(4, s.OutChannels), Numbers.Random(5, s.InChannels));
        using var deviceX = device.Allocate<float>(x);
        using var deviceWeight = device.Allocate<float>(weight);
        using var deviceDy = device.Allocate<float>(dy);
        using var deviceOutBias = device.Allocate<float>(outBias);
        using var deviceInBias = device.Allocate<float>(inBias);

        var forward = ConvolutionCases.Forward(s, x, weight);
        var data = ConvolutionCases.BackwardData(s, dy, weight);
        for (var withBias = 0; withBias < 2; withBias++)
        {
            using var y = device.Allocate<float>(ConvolutionCases.Garbage(forward.Sums.Length));
            DeviceConvolution.Forward(device, s, deviceX, deviceWeight, withBias == 1 ? deviceOutBias.View : null, y, variant);
            Compare("y", forward, withBias == 1 ? outBias : null, s.OutPositions, y.ToArray());

            using var dx = device.Allocate<float>(ConvolutionCases.Garbage(data.Sums.Length));
            DeviceConvolution.BackwardData(device, s, deviceDy, deviceWeight, withBias == 1 ? deviceInBias.View : null, dx, variant);
            Compare("dx", data, withBias == 1 ? inBias : null, s.InHeight * s.InWidth, dx.ToArray());
        }

        var weightSums = ConvolutionCases.BackwardWeight(s, x, dy);
        using var dWeight = device.Allocate<float>(ConvolutionCases.Garbage(weightSums.Sums.Length));
        DeviceConvolution.BackwardWeight(device, s, deviceX, deviceDy, dWeight, variant);
        Compare("dWeight", weightSums, null, 1, dWeight.ToArray());
    }

    private static void Compare(string what, (double[] Sums, double[] Magnitudes) expected, float[]? bias, int plane, float[] actual)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            var shift = bias is null ? 0 : bias[i / plane % bias.Length];
            Numbers.AssertClose(expected.Sums[i] + shift, expected.Magnitudes[i] + Math.Abs(shift), actual[i], $"{what} {i}");
        }
    }
}

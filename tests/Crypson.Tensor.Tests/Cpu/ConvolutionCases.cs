using System.Globalization;
using System.Text.RegularExpressions;
using Crypson.Cpu;

namespace Crypson.Tests.Cpu;

/// <summary>
/// Convolution shapes to test, written as "b2 3x8x9 -> 4 k3x2 s2x1 p1 d1 e1" (batch, input, output channels, kernel,
/// stride, padding, dilation, and extra input rows and columns that no output reaches), and the direct double-precision
/// sums over them.
/// </summary>
internal static partial class ConvolutionCases
{
    public static IEnumerable<string> All()
    {
        // The models' layers with fewer images and channels.
        yield return "b3 20x8x8 -> 33 k4 s2 p1";
        yield return "b5 1x32x32 -> 12 k4 s2 p1";
        yield return "b9 7x4x4 -> 5 k4 s1 p0";
        yield return "b2 1x32x32 -> 32 k3 s2 p1";
        yield return "b7 9x4x4 -> 70 k3 s2 p1";
        yield return "b2 1x32x32 -> 1 k3 s1 p1";
        yield return "b70 3x1x1 -> 4 k1 s1 p0";
        yield return "b5 13x8x8 -> 130 k3 s1 p1";
        yield return "b40 2x16x16 -> 3 k3 s1 p1";
        yield return "b3 6x16x16 -> 70 k4 s2 p1";

        // Winograd's way: whole and partial groups of 16 images, tiles that do and do not divide the image, results a line,
        // a part of a line or several lines of the image wide, the weight's gradient with either side as columns.
        yield return "b16 16x16x16 -> 64 k3 s2 p1";
        yield return "b17 17x9x7 -> 64 k3 s2 p1";
        yield return "b16 16x10x10 -> 64 k3 s2 p1 e1";
        yield return "b32 64x8x8 -> 17 k4 s2 p1";
        yield return "b33 64x4x4 -> 23 k3 s2 p1";
        yield return "b48 64x2x2 -> 19 k3 s2 p1";
        yield return "b16 64x5x11 -> 16 k2 s1 p1";
        yield return "b19 64x7x9 -> 16 k2x4 s1x2 p0x1";
        yield return "b16 16x13x8 -> 64 k6x3 s3x2 p2x1";
        yield return "b16 20x6x30 -> 64 k3x4 s2 p1";

        // Corners: no images, one element, kernels larger than the image, strides larger than the kernel.
        yield return "b0 3x4x4 -> 2 k3 s1 p1";
        yield return "b1 1x1x1 -> 1 k1 s1 p0";
        yield return "b1 1x1x1 -> 3 k3 s1 p1";
        yield return "b2 2x2x2 -> 3 k5 s1 p2";
        yield return "b2 2x9x9 -> 3 k1 s3 p0";
        yield return "b2 2x9x7 -> 3 k2 s3 p0 e2";
        yield return "b2 3x11x12 -> 4 k3 s2 p0 d2";
        yield return "b2 3x11x12 -> 4 k2 s2 p3 d2 e1";
        yield return "b1 4x3x40 -> 9 k3x5 s1x2 p1x2";
        yield return "b1 2x40x3 -> 9 k1x3 s3x1 p0x1 d1x1";
        yield return "b2 2x13x17 -> 3 k3 s2 p4 d3";
        yield return "b9 3x1x1 -> 5 k3 s1 p3";
        yield return "b9 3x2x1 -> 20 k5 s1 p4";
        yield return "b1 70x5x5 -> 65 k3 s1 p1";
        yield return "b2 600x3x3 -> 7 k3 s1 p1";
        yield return "b1 4200x3x3 -> 2 k2 s1 p0";

        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            var (kernelHeight, kernelWidth) = (random.Next(1, 6), random.Next(1, 6));
            var (dilationHeight, dilationWidth) = (random.Next(1, 4), random.Next(1, 4));
            var (paddingHeight, paddingWidth) = (random.Next(3), random.Next(3));
            var least = Math.Max(1, (kernelHeight - 1) * dilationHeight + 1 - 2 * paddingHeight);
            var height = least + random.Next(9);
            var width = Math.Max(1, (kernelWidth - 1) * dilationWidth + 1 - 2 * paddingWidth) + random.Next(9);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"b{random.Next(1, 5)} {random.Next(1, 9)}x{height}x{width} -> {random.Next(1, 9)} k{kernelHeight}x{kernelWidth} s{random.Next(1, 4)}x{random.Next(1, 4)} p{paddingHeight}x{paddingWidth} d{dilationHeight}x{dilationWidth} e{random.Next(3)}");
        }
    }

    public static ConvolutionShape Parse(string spec)
    {
        var match = Spec().Match(spec);
        int Value(string name, string fallback, int otherwise) =>
            match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture)
            : match.Groups[fallback].Success ? int.Parse(match.Groups[fallback].Value, CultureInfo.InvariantCulture)
            : otherwise;
        int[] kernel = [Value("k", "k", 1), Value("kw", "k", 1)];
        int[] stride = [Value("s", "s", 1), Value("sw", "s", 1)];
        int[] padding = [Value("p", "p", 0), Value("pw", "p", 0)];
        int[] dilation = [Value("d", "d", 1), Value("dw", "d", 1)];
        var extra = Value("e", "e", 0);
        int[] input = [Value("h", "h", 1), Value("w", "w", 1)];
        var output = new int[2];
        for (var i = 0; i < 2; i++)
        {
            output[i] = (input[i] + 2 * padding[i] - (kernel[i] - 1) * dilation[i] - 1) / stride[i] + 1;
            input[i] += extra;
        }

        return new ConvolutionShape(
            Value("b", "b", 1), Value("ic", "ic", 1), input[0], input[1], Value("oc", "oc", 1), output[0], output[1],
            kernel[0], kernel[1], stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1]);
    }

    public static (float[] X, float[] Weight, float[] Dy) Operands(in ConvolutionShape s) =>
        (Numbers.Random(1, s.Batch * s.InChannels * s.InHeight * s.InWidth),
            Numbers.Random(2, s.OutChannels * s.PatchSize),
            Numbers.Random(3, s.Batch * s.OutChannels * s.OutPositions));

    /// <summary>A result that nothing has written to yet.</summary>
    public static float[] Garbage(int length)
    {
        var values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    public static (double[] Sums, double[] Magnitudes) Forward(in ConvolutionShape s, float[] x, float[] weight) =>
        Accumulate(s, s.Batch * s.OutChannels * s.OutPositions, (xi, wi, yi) => (yi, (double)x[xi] * weight[wi]));

    public static (double[] Sums, double[] Magnitudes) BackwardData(in ConvolutionShape s, float[] dy, float[] weight) =>
        Accumulate(s, s.Batch * s.InChannels * s.InHeight * s.InWidth, (xi, wi, yi) => (xi, (double)dy[yi] * weight[wi]));

    public static (double[] Sums, double[] Magnitudes) BackwardWeight(in ConvolutionShape s, float[] x, float[] dy) =>
        Accumulate(s, s.OutChannels * s.PatchSize, (xi, wi, yi) => (wi, (double)x[xi] * dy[yi]));

    // Visits every triple of elements that meet in the convolution.
    private static (double[] Sums, double[] Magnitudes) Accumulate(
        ConvolutionShape s, int length, Func<int, int, int, (int Index, double Term)> term)
    {
        var sums = new double[length];
        var magnitudes = new double[length];
        for (var n = 0; n < s.Batch; n++)
        {
            for (var oc = 0; oc < s.OutChannels; oc++)
            {
                for (var oh = 0; oh < s.OutHeight; oh++)
                {
                    for (var ow = 0; ow < s.OutWidth; ow++)
                    {
                        Visit(n, oc, oh, ow);
                    }
                }
            }
        }

        return (sums, magnitudes);

        void Visit(int n, int oc, int oh, int ow)
        {
            var yi = ((n * s.OutChannels + oc) * s.OutHeight + oh) * s.OutWidth + ow;
            for (var ic = 0; ic < s.InChannels; ic++)
            {
                for (var kh = 0; kh < s.KernelHeight; kh++)
                {
                    for (var kw = 0; kw < s.KernelWidth; kw++)
                    {
                        var ih = oh * s.StrideHeight - s.PaddingHeight + kh * s.DilationHeight;
                        var iw = ow * s.StrideWidth - s.PaddingWidth + kw * s.DilationWidth;
                        if (ih < 0 || ih >= s.InHeight || iw < 0 || iw >= s.InWidth)
                        {
                            continue;
                        }

                        var xi = ((n * s.InChannels + ic) * s.InHeight + ih) * s.InWidth + iw;
                        var wi = ((oc * s.InChannels + ic) * s.KernelHeight + kh) * s.KernelWidth + kw;
                        var (index, value) = term(xi, wi, yi);
                        sums[index] += value;
                        magnitudes[index] += Math.Abs(value);
                    }
                }
            }
        }
    }

    [GeneratedRegex(
        @"^b(?<b>\d+) (?<ic>\d+)x(?<h>\d+)x(?<w>\d+) -> (?<oc>\d+) k(?<k>\d+)(x(?<kw>\d+))?( s(?<s>\d+)(x(?<sw>\d+))?)?( p(?<p>\d+)(x(?<pw>\d+))?)?( d(?<d>\d+)(x(?<dw>\d+))?)?( e(?<e>\d+))?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Spec();
}

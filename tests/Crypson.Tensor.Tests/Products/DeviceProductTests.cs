using System.Globalization;
using Crypson.Tests.Cpu;

namespace Crypson.Tests.Products;

/// <summary>Each variant of a matrix product, on each device, against sums in double precision.</summary>
public sealed class DeviceProductTests
{
    private static readonly string[] Small = ["1 1 1", "5 7 9", "0 3 4", "3 4 0", "67 3 20", "1 65 17"];

    // Around the tiles (6, 16, 64), blocks of rows (96), blocks and parts of the depth (256, 512).
    private static readonly string[] Cases =
    [
        "6 64 256", "7 65 257", "96 128 64", "97 63 65", "130 66 300", "300 5 700", "5 300 700", "1 1 5000", "1 700 40", "700 1 40", "64 64 1", "3 5 33001",
        "200 190 2100", "64 2048 8",
    ];

    public static IEnumerable<TheoryDataRow<string, string, string>> Rows() => VariantRows.Of(Cases, Small);

    public static IEnumerable<TheoryDataRow<string, string, string>> Slabs() => VariantRows.Of(["300 400 6000", "70 300 17000", "9 80 70000", "1 1 200000"], []);

    public static IEnumerable<TheoryDataRow<string, string, string>> Tiles() =>
        VariantRows.Of(["100 150 20", "150 100 20", "200 70 1100"], []).Where(row => row.Skip is not null || row.Data.Item2 == "Tiles");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Matches_the_direct_sum(string deviceName, string variantName, string sizes)
    {
        for (var mode = 0; mode < 6; mode++)
        {
            Check(deviceName, variantName, sizes, transposeA: mode % 2 == 1, transposeB: mode / 2 % 2 == 1, (ProductBias)(mode % 3), batch: mode == 3 ? 3 : 1, samples: 1000);
        }
    }

    /// <summary>Operands that are packed in several slabs.</summary>
    [Theory]
    [MemberData(nameof(Slabs))]
    public void Matches_the_direct_sum_in_slabs(string deviceName, string variantName, string sizes) =>
        Check(deviceName, variantName, sizes, transposeA: false, transposeB: true, ProductBias.Columns, batch: 1, samples: 300);

    /// <summary>Tiles of more rows, and of a larger batch, than a launch may have groups on an axis.</summary>
    [Theory]
    [MemberData(nameof(Tiles))]
    public void Matches_the_direct_sum_in_several_launches(string deviceName, string variantName, string sizes)
    {
        foreach (var batch in (int[])[1, 5])
        {
            Check(deviceName, variantName, sizes, transposeA: true, transposeB: false, ProductBias.Rows, batch, samples: 1000, tileLimit: 2);
        }
    }

    /// <summary>The order of the sums is fixed; the width of the registers changes no bit of it.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Repeats_bit_for_bit(string deviceName, string variantName, string sizes)
    {
        var first = Check(deviceName, variantName, sizes, false, false, ProductBias.Rows, 1, 0);
        var again = variantName == "NarrowPanels" ? "Panels" : variantName;
        Assert.Equal(first, Check(deviceName, again, sizes, false, false, ProductBias.Rows, 1, 0));
    }

    private static int[] Check(
        string deviceName, string variantName, string sizes, bool transposeA, bool transposeB, ProductBias kind, int batch, int samples, int? tileLimit = null)
    {
        var device = DeviceList.Get(deviceName);
        var variant = Enum.Parse<ProductVariant>(variantName);
        var numbers = sizes.Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var (m, n, k) = (numbers[0], numbers[1], numbers[2]);
        var (a, b) = (Numbers.Random(1, batch * m * k), Numbers.Random(2, batch * k * n));
        var bias = Numbers.Random(3, Math.Max(m, n));
        using var deviceA = device.Allocate<float>(a);
        using var deviceB = device.Allocate<float>(b);
        using var deviceBias = device.Allocate<float>(bias);
        using var y = device.Allocate<float>(ConvolutionCases.Garbage(batch * m * n));
        var (aRow, aColumn) = transposeA ? (1, m) : (k, 1);
        var (bRow, bColumn) = transposeB ? (1, k) : (n, 1);
        var product = new Product(
            batch, m, n, k, ProductOperand.Matrix(aRow, aColumn, m * k), ProductOperand.Matrix(bColumn, bRow, k * n), ProductOperand.Matrix(n, 1, m * n), kind);
        if (tileLimit is { } limit)
        {
            DeviceProduct.RunTiles(device, product, deviceA, deviceB, deviceBias, y, limit);
        }
        else
        {
            DeviceProduct.Run(device, product, deviceA, deviceB, deviceBias, y, variant);
        }

        var actual = y.ToArray();

        var random = new Random(4);
        for (var sample = 0; sample < Math.Min(samples, actual.Length); sample++)
        {
            var i = samples < actual.Length ? random.Next(actual.Length) : sample;
            var (at, row, column) = (i / (m * n), i / n % m, i % n);
            double sum = 0, magnitude = 0;
            for (var t = 0; t < k; t++)
            {
                var term = (double)a[at * m * k + row * aRow + t * aColumn] * b[at * k * n + t * bRow + column * bColumn];
                sum += term;
                magnitude += Math.Abs(term);
            }

            var shift = kind switch { ProductBias.Rows => bias[row], ProductBias.Columns => bias[column], _ => 0 };
            Numbers.AssertClose(sum + shift, magnitude + Math.Abs(shift), actual[i], $"element {i} of {sizes}");
        }

        return [.. actual.Select(BitConverter.SingleToInt32Bits)];
    }
}

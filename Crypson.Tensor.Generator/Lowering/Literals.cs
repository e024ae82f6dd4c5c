using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Crypson.Generator.Lowering;

/// <summary>Constants, exactly.</summary>
internal static class Literals
{
    public static Value Of(object? constant, ITypeSymbol type, Target target, IOperation at)
    {
        var text = constant switch
        {
            bool value => value ? "1" : "0",
            float value => Single(value, target),
            double value => Double(value, target),
            char value => Integer(value),
            uint value => Integer(value) + "u",
            ulong value => Integer(value) + "U" + target.LongSuffix,
            long.MinValue => $"(-9223372036854775807{target.LongSuffix} - 1)",
            long value => Integer(value) + target.LongSuffix,
            int.MinValue => "(-2147483647 - 1)",
            sbyte or byte or short or ushort or int => Integer(System.Convert.ToInt64(constant, CultureInfo.InvariantCulture)),
            _ => throw new LoweringException(Rules.Type, at.Syntax, $"a constant of the type {type.ToDisplayString()}", "use numbers"),
        };
        return new Value(text, type, true, !text.StartsWith("-", StringComparison.Ordinal));
    }

    private static string Integer(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Integer(char value) => ((int)value).ToString(CultureInfo.InvariantCulture);

    private static string Single(float value, Target target)
    {
        if (float.IsNaN(value) || float.IsInfinity(value))
        {
            var bits = BitConverter.ToUInt32(BitConverter.GetBytes(value), 0).ToString("x8", CultureInfo.InvariantCulture);
            return $"{target.Bits(SpecialType.System_UInt32, SpecialType.System_Single)}(0x{bits}u)";
        }

        return Shortest(["G7", "G8", "G9"], format => value.ToString(format, CultureInfo.InvariantCulture),
            text => float.Parse(text, CultureInfo.InvariantCulture).Equals(value), value == 0 && 1 / value < 0) + "f";
    }

    private static string Double(double value, Target target)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            var bits = BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture);
            return $"{target.Bits(SpecialType.System_Int64, SpecialType.System_Double)}((({target.Scalar(SpecialType.System_Int64)})0x{bits}))";
        }

        return Shortest(["G15", "G16", "G17"], format => value.ToString(format, CultureInfo.InvariantCulture),
            text => double.Parse(text, CultureInfo.InvariantCulture).Equals(value), value == 0 && 1 / value < 0);
    }

    private static string Shortest(string[] formats, Func<string, string> write, Func<string, bool> isExact, bool isNegativeZero)
    {
        if (isNegativeZero)
        {
            return "-0.0";
        }

        var text = formats.Select(write).First(text => text == write(formats[formats.Length - 1]) || isExact(text));
        return text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
    }
}

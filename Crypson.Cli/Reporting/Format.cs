using System.Globalization;

namespace Crypson.Cli;

/// <summary>Numbers as people read them.</summary>
internal static class Format
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>12,345.</summary>
    public static string Count(long value) => value.ToString("N0", Culture);

    /// <summary>0.7132 or 83,177.</summary>
    public static string Value(double value) => value.ToString(Math.Abs(value) < 1000 ? "F4" : "N0", Culture);

    /// <summary>87.5 %.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "-" : string.Create(Culture, $"{100 * share:F1} %");

    /// <summary>12.3 MiB.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 10 => $"{bytes} B",
        < 1L << 20 => string.Create(Culture, $"{bytes / 1024.0:F1} KiB"),
        < 1L << 30 => string.Create(Culture, $"{bytes / 1048576.0:F1} MiB"),
        _ => string.Create(Culture, $"{bytes / 1073741824.0:F1} GiB"),
    };

    /// <summary>0:07, 12:34 or 1:02:03.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Min(time.TotalSeconds, 360_000_000);
        return seconds < 3600
            ? string.Create(Culture, $"{seconds / 60}:{seconds % 60:00}")
            : string.Create(Culture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }
}

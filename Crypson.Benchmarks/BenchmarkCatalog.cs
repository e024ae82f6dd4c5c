namespace Crypson.Benchmarks;

/// <summary>All rows.</summary>
public static class BenchmarkCatalog
{
    /// <summary>Every row, in the order of the table.</summary>
    public static IReadOnlyList<BenchmarkRow> Rows { get; } =
        [.. GemmRows.All(), .. OperatorRows.All(), .. StepRows.All(), .. InferenceRows.All()];

    /// <summary>The rows whose group is one of <paramref name="only"/>, or whose name begins with one.</summary>
    /// <exception cref="ArgumentException">A selection has no row.</exception>
    public static IReadOnlyList<BenchmarkRow> Select(IReadOnlyList<string> only)
    {
        foreach (var text in only)
        {
            if (!Rows.Any(row => Fits(row, text)))
            {
                throw new ArgumentException($"no row is called '{text}'; there are {string.Join(", ", Rows.Select(row => row.Group).Distinct())}, and the rows of 'crypson bench --list'");
            }
        }

        return [.. Rows.Where(row => only.Any(text => Fits(row, text)))];
    }

    private static bool Fits(BenchmarkRow row, string text) => row.Group == text || (text.Contains('/') && row.Name.StartsWith(text, StringComparison.Ordinal));
}

namespace Crypson.Cli;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The known word that is nearest, or null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(other => (Word: other, Edits: Edits(word.ToLowerInvariant(), other.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Edits).FirstOrDefault();
        return nearest.Word is not null && nearest.Edits <= Math.Max(1, word.TrimStart('-').Length / 3) ? nearest.Word : null;
    }

    // Edits from one word to the other (Levenshtein 1966), one row at a time.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[b.Length];
    }
}

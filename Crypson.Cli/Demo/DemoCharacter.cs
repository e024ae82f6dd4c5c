using Crypson.Models;

namespace Crypson.Cli;

/// <summary>One character of the text with the letters that carry its bytes.</summary>
/// <param name="Text">The character.</param>
/// <param name="Letters">One or more letters.</param>
internal sealed record DemoCharacter(string Text, IReadOnlyList<PipelineLetter> Letters)
{
    /// <summary>The size that almost all numbers of a message stay below; one far outlier would flatten every bar.</summary>
    public static float UsualRange(IReadOnlyList<PipelineLetter> letters)
    {
        var sizes = letters.SelectMany(letter => letter.Latent.Concat(letter.Masked)).Select(Math.Abs).Order().ToList();
        return Math.Max(1e-6f, sizes[(sizes.Count - 1) * 98 / 100]);
    }
}

namespace Crypson.Models;

/// <summary>The picture of synthesised handwriting in the documentation: every character several times, on white paper.</summary>
public static class HandwritingSheet
{
    /// <summary>The seed of the picture in the repository, docs/images/handwriting.png.</summary>
    public const ulong DocumentationSeed = 2026;

    private const int Columns = 31;

    /// <summary>Draws digits, capitals and small letters in two rows, and these rows a few times over.</summary>
    /// <param name="seed">Which writing.</param>
    /// <param name="repeats">How often the 62 characters appear.</param>
    /// <param name="scale">Screen pixels per image pixel, 1 to 16.</param>
    public static GreyImage Draw(ulong seed = DocumentationSeed, int repeats = 4, int scale = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        var synthesizer = new HandwritingSynthesizer(ClassMapping.ByClass, seed);
        var count = repeats * synthesizer.Classes.Count;
        var images = new byte[count * HandwritingSynthesizer.PixelCount];
        for (var i = 0; i < count; i++)
        {
            var image = images.AsSpan(i * HandwritingSynthesizer.PixelCount, HandwritingSynthesizer.PixelCount);
            synthesizer.Draw(image, i % synthesizer.Classes.Count, i / synthesizer.Classes.Count);
        }

        return SampleGrid.Draw(images, Columns, scale, margin: 0, HandwritingSynthesizer.Side);
    }
}

namespace Crypson.Models;

/// <summary>The images of one IDX file, in the order and orientation in which the file stores them.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Rows">Stored rows of one image.</param>
/// <param name="Columns">Stored columns of one image.</param>
/// <param name="Pixels">[count, rows, columns], 0 background to 255 ink.</param>
public sealed record IdxImages(int Count, int Rows, int Columns, byte[] Pixels)
{
    /// <summary>The pixels of image <paramref name="index"/>: [rows, columns].</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Rows * Columns, Rows * Columns);
}

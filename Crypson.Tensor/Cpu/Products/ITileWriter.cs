namespace Crypson.Cpu.Products;

/// <summary>Takes the tiles of a finished product to where they belong.</summary>
internal unsafe interface ITileWriter
{
    /// <summary>Works out, once for all rows, the offsets of columns <paramref name="column"/> and following.</summary>
    void Locate(int column, int columns, nint* offsets);

    /// <summary>
    /// Writes the first <paramref name="rows"/> x <paramref name="columns"/> elements of a tile with row stride
    /// <paramref name="stride"/>. The first part of K sets the result, later parts are added to it.
    /// </summary>
    void Write(float* tile, int stride, int row, int rows, int column, int columns, nint* offsets, bool first);
}

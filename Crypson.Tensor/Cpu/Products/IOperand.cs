namespace Crypson.Cpu.Products;

/// <summary>
/// One side of a product, seen as lanes x k: lanes are the rows of the left operand or the columns of the right one.
/// An operand knows how to copy a panel of lanes into the order that the micro-kernel reads.
/// </summary>
internal unsafe interface IOperand
{
    /// <summary>Floats behind the last panel that packing a panel of 8 lanes or more may overwrite.</summary>
    const int Spill = 4;

    /// <summary>Bytes of tables that <see cref="Prepare"/> fills for one panel of <paramref name="width"/> lanes.</summary>
    nint TableBytes(int width);

    /// <summary>Works out, once for all k, where lanes <paramref name="lane"/> and following come from.</summary>
    void Prepare(int lane, int lanes, int width, void* table);

    /// <summary>
    /// panel[i * width + j] = element (lane + j, k + i) for i below <paramref name="count"/>; lanes from
    /// <paramref name="lanes"/> to <paramref name="width"/> are padding and never reach the result.
    /// </summary>
    void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel);
}

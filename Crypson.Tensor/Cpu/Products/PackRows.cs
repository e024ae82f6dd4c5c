namespace Crypson.Cpu.Products;

/// <summary>
/// Packs the left operand: panel after panel of <c>TMicro.Rows</c> rows, each panel holding all of k. One group packs
/// some panels over one block of k.
/// </summary>
internal readonly unsafe struct PackRows<TMicro, TA>(
    TA a, int row, int rows, int k, int count, int panelsPerGroup, int countPerGroup, float* packed) : IKernel
    where TMicro : struct, IMicroKernel
    where TA : struct, IOperand
{
    private readonly float* packed = packed;

    private int Panels => (rows + TMicro.Rows - 1) / TMicro.Rows;

    private int PanelGroups => (Panels + panelsPerGroup - 1) / panelsPerGroup;

    public int Groups => PanelGroups * ((count + countPerGroup - 1) / countPerGroup);

    public void Execute(int group)
    {
        var width = TMicro.Rows;
        var table = ThreadScratch.Current.Bytes(ScratchSlot.Table, a.TableBytes(width));
        var start = group / PanelGroups * countPerGroup;
        var length = Math.Min(countPerGroup, count - start);
        var firstPanel = group % PanelGroups * panelsPerGroup;
        var lastPanel = Math.Min(firstPanel + panelsPerGroup, Panels);
        for (var panel = firstPanel; panel < lastPanel; panel++)
        {
            var lane = row + panel * width;
            var lanes = Math.Min(width, row + rows - lane);
            a.Prepare(lane, lanes, width, table);
            a.Pack(lane, lanes, width, k + start, length, table, packed + ((nint)panel * count + start) * width);
        }
    }
}

namespace Crypson.Cpu.Winograd;

/// <summary>
/// Where the results of a product go: element (row, lane, y, x) lies at row * RowStride + lane * LaneStride +
/// y * Width + x. The bias, null or one per row, is added.
/// </summary>
internal readonly unsafe struct TileOutputs(float* data, int rows, nint rowStride, int lanes, nint laneStride, int height, int width, float* bias)
{
    private const int CacheLine = 64;

    private readonly float* data = data;
    private readonly float* bias = bias;

    public int Rows { get; } = rows;

    public int Lanes { get; } = lanes;

    public nint LaneStride { get; } = laneStride;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public float* At(int row, int lane) => data + (row * rowStride) + (lane * LaneStride);

    /// <summary>Whether no earlier row than the address's has elements in its cache line.</summary>
    public bool BeginsLine(float* address) => (nint)address % CacheLine < rowStride * sizeof(float);

    public float Bias(int row) => bias == null ? 0 : bias[row];
}

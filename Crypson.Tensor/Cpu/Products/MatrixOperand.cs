namespace Crypson.Cpu.Products;

/// <summary>A strided matrix: element (lane, k) lies at lane * laneStride + k * kStride.</summary>
internal readonly unsafe struct MatrixOperand(float* data, nint laneStride, nint kStride) : IOperand
{
    private readonly float* data = data;

    public nint TableBytes(int width) => 0;

    public void Prepare(int lane, int lanes, int width, void* table)
    {
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel) =>
        MatrixPacker.Pack(data + lane * laneStride + k * kStride, laneStride, kStride, lanes, width, count, panel);
}

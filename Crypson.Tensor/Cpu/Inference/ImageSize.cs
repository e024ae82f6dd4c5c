namespace Crypson.Cpu.Inference;

/// <summary>Sizes of one image of a batch.</summary>
internal readonly record struct ImageSize(int Channels, int Height, int Width)
{
    public int Positions => Height * Width;

    public int Count => Channels * Positions;
}

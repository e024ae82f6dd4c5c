namespace Crypson.Cpu.Products;

/// <summary>
/// Images [batch, channels, positions] as an operand whose lanes are channels and whose k runs over the positions of
/// all images.
/// </summary>
internal readonly unsafe struct ChannelOperand(float* images, int channels, int positions) : IOperand
{
    private readonly float* images = images;

    public nint TableBytes(int width) => 0;

    public void Prepare(int lane, int lanes, int width, void* table)
    {
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var image = k / positions;
        var position = k - image * positions;
        while (count > 0)
        {
            var run = Math.Min(count, positions - position);
            var source = images + ((nint)image * channels + lane) * positions + position;
            MatrixPacker.Pack(source, positions, 1, lanes, width, run, panel);
            panel += (nint)run * width;
            count -= run;
            position = 0;
            image++;
        }
    }
}

namespace Crypson.Cpu.Products;

/// <summary>
/// Some of the taps of a weight [outChannels, inChannels, kernelHeight, kernelWidth] as an operand whose lanes are
/// input channels and whose k runs over output channels and, within one, taps: firstTap + i * tapStep, i below taps,
/// in each direction.
/// </summary>
internal readonly unsafe struct PhaseWeights(
    float* weight, int inChannels, int kernelHeight, int kernelWidth, PhaseAxis vertical, PhaseAxis horizontal) : IOperand
{
    // Output channels that are asked for ahead: the taps of one lie far from those of the next.
    private const int PrefetchChannels = 4;

    private readonly float* weight = weight;

    public nint TableBytes(int width) => 0;

    public void Prepare(int lane, int lanes, int width, void* table)
    {
    }

    public void Pack(int lane, int lanes, int width, int k, int count, void* table, float* panel)
    {
        var taps = vertical.Taps * horizontal.Taps;
        var kernel = (nint)kernelHeight * kernelWidth;
        var outChannel = k / taps;
        var tap = k - outChannel * taps;
        var tapRow = tap / horizontal.Taps;
        var tapColumn = tap - tapRow * horizontal.Taps;
        for (; count > 0; count--)
        {
            var source = weight + ((nint)outChannel * inChannels + lane) * kernel
                + (vertical.FirstTap + tapRow * vertical.TapStep) * kernelWidth
                + horizontal.FirstTap + tapColumn * horizontal.TapStep;
            var ahead = source + PrefetchChannels * inChannels * kernel;
            for (var j = 0; j < lanes; j++)
            {
                if (tapRow + tapColumn == 0)
                {
                    MatrixPacker.Prefetch(ahead + j * kernel);
                }

                panel[j] = *source;
                source += kernel;
            }

            for (var j = lanes; j < width; j++)
            {
                panel[j] = 0;
            }

            panel += width;
            if (++tapColumn == horizontal.Taps)
            {
                tapColumn = 0;
                if (++tapRow == vertical.Taps)
                {
                    tapRow = 0;
                    outChannel++;
                }
            }
        }
    }
}

namespace Crypson.Cpu.Winograd;

/// <summary>
/// An operand as the packers see it: Lanes x Depth planes of Height x Width
/// neighbouring elements, plane (lane, k) at lane * LaneStride + k * DepthStride. Lanes become rows or columns of the
/// products, depth is summed over. Images have one of batch and channels as lanes and the other as depth; a weight has
/// the channels on either side, and its taps are the planes.
/// </summary>
internal readonly unsafe struct Planes(float* data, int lanes, nint laneStride, int depth, nint depthStride, int height, int width)
{
    private readonly float* data = data;

    public int Lanes { get; } = lanes;

    public int Depth { get; } = depth;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public nint LaneStride { get; } = laneStride;

    public int Size => Height * Width;

    public float* At(int lane, int k) => data + (lane * LaneStride) + (k * depthStride);

    /// <summary>
    /// The elements of a plane that a combination of each direction sums, at most four; those outside of the plane are
    /// zeros and left out.
    /// </summary>
    /// <returns>How many there are.</returns>
    public int Elements(in Combination vertical, int top, in Combination horizontal, int leftmost, int* places, float* factors)
    {
        var count = 0;
        for (var i = 0; i < 4; i++)
        {
            var (y, factorY) = i < 2 ? (vertical.First, vertical.FirstFactor) : (vertical.Second, vertical.SecondFactor);
            var (x, factorX) = i % 2 == 0 ? (horizontal.First, horizontal.FirstFactor) : (horizontal.Second, horizontal.SecondFactor);
            (y, x) = (y + top, x + leftmost);
            if (factorY * factorX != 0 && (uint)y < (uint)Height && (uint)x < (uint)Width)
            {
                places[count] = (y * Width) + x;
                factors[count++] = factorY * factorX;
            }
        }

        return count;
    }
}

using Crypson.Kernels;

namespace Crypson;

/// <summary>Copies of blocks on devices.</summary>
internal static partial class SliceKernels
{
    /// <summary>Which blocks: <c>Length</c> elements of each, in pieces of <c>Piece</c>, from one place to another.</summary>
    internal struct Blocks
    {
        public int FromStep;
        public int FromStart;
        public int ToStep;
        public int ToStart;
        public int Length;
        public int Piece;
    }

    /// <summary>One piece of one block per work-item.</summary>
    [Kernel]
    internal static void CopyBlocks(Index1D i, Blocks blocks, ArrayView<float> from, ArrayView<float> to)
    {
        var pieces = (blocks.Length + blocks.Piece - 1) / blocks.Piece;
        var block = i / pieces;
        var begin = i % pieces * blocks.Piece;
        var count = Math.Min(blocks.Piece, blocks.Length - begin);
        var source = from.SubView(block * blocks.FromStep + blocks.FromStart + begin);
        var target = to.SubView(block * blocks.ToStep + blocks.ToStart + begin);
        for (var j = 0; j < count; j++)
        {
            target[j] = source[j];
        }
    }
}

using Crypson.Kernels;

namespace Crypson;

/// <summary>Pooling on devices. Gradients are gathered: an element looks at the windows that it lies in, in their order.</summary>
internal static partial class PoolKernels
{
    /// <summary>Sizes of a plane, of its result, and of the window.</summary>
    internal struct Plane
    {
        public int Height;
        public int Width;
        public int ResultHeight;
        public int ResultWidth;
        public int KernelHeight;
        public int KernelWidth;
        public int StrideHeight;
        public int StrideWidth;
        public int PaddingHeight;
        public int PaddingWidth;

        /// <summary>The rows and columns of window number <paramref name="index"/>, cut to the plane.</summary>
        public readonly (int Top, int Bottom, int Left, int Right) Window(int index)
        {
            var top = index / ResultWidth * StrideHeight - PaddingHeight;
            var left = index % ResultWidth * StrideWidth - PaddingWidth;
            return (Math.Max(0, top), Math.Min(Height, top + KernelHeight), Math.Max(0, left), Math.Min(Width, left + KernelWidth));
        }

        /// <summary>The rows and columns of the result whose windows hold element number <paramref name="index"/>.</summary>
        public readonly (int Top, int Bottom, int Left, int Right) Windows(int index)
        {
            var row = index / Width + PaddingHeight;
            var column = index % Width + PaddingWidth;
            return (
                row < KernelHeight ? 0 : (row - KernelHeight) / StrideHeight + 1, Math.Min(ResultHeight, row / StrideHeight + 1),
                column < KernelWidth ? 0 : (column - KernelWidth) / StrideWidth + 1, Math.Min(ResultWidth, column / StrideWidth + 1));
        }
    }

    [Kernel]
    internal static void MaxPoolForward(Index1D i, Plane plane, ArrayView<float> x, ArrayView<float> y, ArrayView<int> positions)
    {
        var outputs = plane.ResultHeight * plane.ResultWidth;
        var (top, bottom, left, right) = plane.Window(i % outputs);
        var start = i / outputs * plane.Height * plane.Width;
        var position = top * plane.Width + left;
        var best = x[start + position];
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                var value = x[start + row * plane.Width + column];
                if (value > best || (float.IsNaN(value) && !float.IsNaN(best)))
                {
                    best = value;
                    position = row * plane.Width + column;
                }
            }
        }

        y[i] = best;
        positions[i] = position;
    }

    [Kernel]
    internal static void MaxPoolBackward(Index1D i, Plane plane, ArrayView<float> dy, ArrayView<int> positions, ArrayView<float> dx)
    {
        var position = i % (plane.Height * plane.Width);
        var start = i / (plane.Height * plane.Width) * plane.ResultHeight * plane.ResultWidth;
        var (top, bottom, left, right) = plane.Windows(position);
        var sum = 0f;
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                var at = start + row * plane.ResultWidth + column;
                if (positions[at] == position)
                {
                    sum += dy[at];
                }
            }
        }

        dx[i] = sum;
    }

    [Kernel]
    internal static void AvgPoolForward(Index1D i, Plane plane, ArrayView<float> x, ArrayView<float> y)
    {
        var outputs = plane.ResultHeight * plane.ResultWidth;
        var (top, bottom, left, right) = plane.Window(i % outputs);
        var start = i / outputs * plane.Height * plane.Width;
        var sum = 0f;
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                sum += x[start + row * plane.Width + column];
            }
        }

        y[i] = sum * (1f / (plane.KernelHeight * plane.KernelWidth));
    }

    [Kernel]
    internal static void AvgPoolBackward(Index1D i, Plane plane, ArrayView<float> dy, ArrayView<float> dx)
    {
        var start = i / (plane.Height * plane.Width) * plane.ResultHeight * plane.ResultWidth;
        var (top, bottom, left, right) = plane.Windows(i % (plane.Height * plane.Width));
        var share = 1f / (plane.KernelHeight * plane.KernelWidth);
        var sum = 0f;
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                sum += dy[start + row * plane.ResultWidth + column] * share;
            }
        }

        dx[i] = sum;
    }
}

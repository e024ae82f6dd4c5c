namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest value of each window of images [n, c, h, w]; padding never wins, NaN does. Gradient: to the first
    /// element that has it.
    /// </summary>
    /// <param name="kernel">The window.</param>
    /// <param name="stride">Step between windows; the window's size unless given.</param>
    /// <param name="padding">Rows and columns around the image, at most half the window.</param>
    /// <exception cref="ArgumentException">The shapes or numbers do not fit.</exception>
    public Tensor MaxPool2d(Size2 kernel, Size2? stride = null, Size2 padding = default)
    {
        var window = Window("max pool2d", kernel, stride ?? kernel, padding);
        var y = Empty(window.Result, Device);
        var positions = IndexTensor.Empty(window.Result, Shape[2] * Shape[3], Device);
        if (Device is CpuDevice)
        {
            Device.Launch(new MaxPoolKernel(Storage, y.Storage, positions.Storage, window), Shape[0] * Shape[1]);
        }
        else
        {
            PoolKernels.LaunchMaxPoolForward(Device, y.Count, window.Plane, View, y.View, positions.View);
        }

        return Record("max pool2d", y, [this], dy =>
        {
            if (Device is not CpuDevice)
            {
                var gathered = EmptyLike();
                PoolKernels.LaunchMaxPoolBackward(Device, Count, window.Plane, dy.View, positions.View, gathered.View);
                return [gathered];
            }

            var dx = Zeros(Shape, Device);
            Device.Launch(new MaxPoolGradientKernel(dy.Storage, positions.Storage, dx.Storage, window), Shape[0] * Shape[1]);
            return [dx];
        });
    }

    /// <summary>The mean of each window of images [n, c, h, w], padding counted as zeros. Gradient: shared evenly.</summary>
    /// <param name="kernel">The window.</param>
    /// <param name="stride">Step between windows; the window's size unless given.</param>
    /// <param name="padding">Rows and columns of zeros around the image, at most half the window.</param>
    /// <exception cref="ArgumentException">The shapes or numbers do not fit.</exception>
    public Tensor AvgPool2d(Size2 kernel, Size2? stride = null, Size2 padding = default)
    {
        var window = Window("avg pool2d", kernel, stride ?? kernel, padding);
        var y = Empty(window.Result, Device);
        if (Device is CpuDevice)
        {
            Device.Launch(new AvgPoolKernel(Storage, y.Storage, window, false), Shape[0] * Shape[1]);
        }
        else
        {
            PoolKernels.LaunchAvgPoolForward(Device, y.Count, window.Plane, View, y.View);
        }

        return Record("avg pool2d", y, [this], dy =>
        {
            if (Device is not CpuDevice)
            {
                var gathered = EmptyLike();
                PoolKernels.LaunchAvgPoolBackward(Device, Count, window.Plane, dy.View, gathered.View);
                return [gathered];
            }

            var dx = Zeros(Shape, Device);
            Device.Launch(new AvgPoolKernel(dx.Storage, dy.Storage, window, true), Shape[0] * Shape[1]);
            return [dx];
        });
    }

    private PoolWindow Window(string op, Size2 kernel, Size2 stride, Size2 padding)
    {
        if (Rank != 4)
        {
            throw new ArgumentException($"{op}: input {Shape} must be [batch, channels, height, width]");
        }

        if (kernel.Height < 1 || kernel.Width < 1 || stride.Height < 1 || stride.Width < 1 || padding.Height < 0 || padding.Width < 0
            || padding.Height > kernel.Height / 2 || padding.Width > kernel.Width / 2)
        {
            throw new ArgumentException($"{op}: kernel {kernel} and stride {stride} must be 1 or more, padding {padding} between 0 and half the kernel");
        }

        var height = ConvolvedSize(Shape[2], kernel.Height, stride.Height, padding.Height, 1);
        var width = ConvolvedSize(Shape[3], kernel.Width, stride.Width, padding.Width, 1);
        return height < 1 || width < 1
            ? throw new ArgumentException($"{op}: the kernel {kernel} is larger than the padded image of {Shape}")
            : new PoolWindow([Shape[0], Shape[1], height, width], Shape[2], Shape[3], kernel, stride, padding);
    }

    private sealed record PoolWindow(Shape Result, int Height, int Width, Size2 Kernel, Size2 Stride, Size2 Padding)
    {
        public int Outputs => Result[2] * Result[3];

        /// <summary>The same for a kernel.</summary>
        public PoolKernels.Plane Plane => new()
        {
            Height = Height,
            Width = Width,
            ResultHeight = Result[2],
            ResultWidth = Result[3],
            KernelHeight = Kernel.Height,
            KernelWidth = Kernel.Width,
            StrideHeight = Stride.Height,
            StrideWidth = Stride.Width,
            PaddingHeight = Padding.Height,
            PaddingWidth = Padding.Width,
        };

        // The window of output number `index`, cut to the image.
        public (int Top, int Bottom, int Left, int Right) Bounds(int index)
        {
            var top = (index / Result[3] * Stride.Height) - Padding.Height;
            var left = (index % Result[3] * Stride.Width) - Padding.Width;
            return (Math.Max(0, top), Math.Min(Height, top + Kernel.Height), Math.Max(0, left), Math.Min(Width, left + Kernel.Width));
        }
    }

    private readonly unsafe struct MaxPoolKernel(Storage x, Storage y, Storage positions, PoolWindow window) : IKernel
    {
        public void Execute(int group)
        {
            var plane = x.Floats + ((long)group * window.Height * window.Width);
            for (var i = 0; i < window.Outputs; i++)
            {
                var (top, bottom, left, right) = window.Bounds(i);
                var position = (top * window.Width) + left;
                var best = plane[position];
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++)
                    {
                        var value = plane[(row * window.Width) + column];
                        if (value > best || (float.IsNaN(value) && !float.IsNaN(best)))
                        {
                            (best, position) = (value, (row * window.Width) + column);
                        }
                    }
                }

                y.Floats[((long)group * window.Outputs) + i] = best;
                positions.Integers[((long)group * window.Outputs) + i] = position;
            }
        }
    }

    private readonly unsafe struct MaxPoolGradientKernel(Storage dy, Storage positions, Storage dx, PoolWindow window) : IKernel
    {
        public void Execute(int group)
        {
            var plane = dx.Floats + ((long)group * window.Height * window.Width);
            var start = (long)group * window.Outputs;
            for (var i = start; i < start + window.Outputs; i++)
            {
                plane[positions.Integers[i]] += dy.Floats[i];
            }
        }
    }

    private readonly unsafe struct AvgPoolKernel(Storage x, Storage y, PoolWindow window, bool gradient) : IKernel
    {
        public void Execute(int group)
        {
            var plane = x.Floats + ((long)group * window.Height * window.Width);
            var outputs = y.Floats + ((long)group * window.Outputs);
            var share = 1f / (window.Kernel.Height * window.Kernel.Width);
            for (var i = 0; i < window.Outputs; i++)
            {
                var (top, bottom, left, right) = window.Bounds(i);
                var sum = 0f;
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++)
                    {
                        ref var element = ref plane[(row * window.Width) + column];
                        if (gradient)
                        {
                            element += outputs[i] * share;
                        }
                        else
                        {
                            sum += element;
                        }
                    }
                }

                if (!gradient)
                {
                    outputs[i] = sum * share;
                }
            }
        }
    }
}

using System.Runtime.ExceptionServices;

namespace Crypson.Kernels;

/// <summary>Runs a kernel as plain C#: the reference for what the lowered text computes, not a fast path.</summary>
internal static class PlainCode
{
    private const int Chunk = 1024;

    // Work-items that wait for each other have a thread each.
    private const int LargestGroup = 4096;

    public static void Run<TCall>(Device device, KernelProgram program, KernelRange range, in TCall call)
        where TCall : struct, IKernelCall
    {
        call.Write(new Views(program, device));
        if (range.IsExtent)
        {
            var size = range.Config.GridDim;
            device.Launch(new Positions<TCall>(call, size), Jobs(program, size, Chunk));
        }
        else
        {
            var config = range.InGroups(program.Name, LargestGroup);
            device.Launch(new Groups<TCall>(call, config, program.Features.HasFlag(KernelFeatures.Group)), Jobs(program, config.GridDim, 1));
        }
    }

    private static Index3D Position(int number, Index3D size) => new(number % size.X, number / size.X % size.Y, number / size.X / size.Y);

    private static int Jobs(KernelProgram program, Index3D size, int each)
    {
        var jobs = Math.Ceiling((double)size.X * size.Y * size.Z / each);
        return jobs <= int.MaxValue ? (int)jobs : throw new NotSupportedException($"{program.Name}: {size} are more than plain C# runs; launch it in parts");
    }

    private readonly struct Positions<TCall>(TCall call, Index3D size) : IKernel
        where TCall : struct, IKernelCall
    {
        private readonly long count = (long)size.X * size.Y * size.Z;

        public void Execute(int group)
        {
            Lane.Current.Enter(new KernelConfig(1, 1), default, default);
            for (var i = (long)group * Chunk; i < Math.Min(count, (group + 1L) * Chunk); i++)
            {
                call.Execute(new Index3D((int)(i % size.X), (int)(i / size.X % size.Y), (int)(i / size.X / size.Y)));
            }
        }
    }

    private readonly struct Groups<TCall>(TCall call, KernelConfig config, bool together) : IKernel
        where TCall : struct, IKernelCall
    {
        public void Execute(int group)
        {
            var lanes = config.GroupDim.Size;
            var index = Position(group, config.GridDim);
            if (together && lanes > 1)
            {
                Together(index, lanes);
                return;
            }

            var lane = Lane.Current;
            for (var i = 0; i < lanes; i++)
            {
                lane.Group = null;
                lane.Enter(config, index, Position(i, config.GroupDim));
                call.Execute(default);
            }

            lane.Enter(new KernelConfig(1, 1), default, default);
        }

        // Barriers need work-items that run at the same time: a thread for each.
        private void Together(Index3D index, int lanes)
        {
            using var shared = new GroupOfLanes(lanes);
            var (group, work, settings) = (shared, call, config);
            Exception? failure = null;
            var threads = new Thread[lanes];
            for (var i = 0; i < lanes; i++)
            {
                var number = i;
                threads[i] = new Thread(() =>
                {
                    using var lane = Lane.Current;
                    try
                    {
                        lane.Group = group;
                        lane.Enter(settings, index, Position(number, settings.GroupDim));
                        work.Execute(default);
                    }
                    catch (Exception e)
                    {
                        Interlocked.CompareExchange(ref failure, e, null);
                    }
                    finally
                    {
                        group.Leave();
                    }
                }, 256 << 10);
                threads[i].Start();
            }

            foreach (var thread in threads)
            {
                thread.Join();
            }

            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    // Takes no argument, and refuses views as other devices do.
    private sealed class Views : KernelArguments
    {
        private readonly Device device;

        public Views(KernelProgram program, Device device)
        {
            this.device = device;
            Start(program);
        }

        public override void Add<T>(T value)
        {
        }

        public override void Add<T>(ArrayView<T> view) => Memory(view, device);
    }
}

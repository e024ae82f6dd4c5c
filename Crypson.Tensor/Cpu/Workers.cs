using System.Runtime.ExceptionServices;

namespace Crypson.Cpu;

/// <summary>
/// The CPU's parallel-for: each thread has a queue of neighbouring groups and helps the others when its own is empty.
/// One launch after another gives the same part of a batch to the same core, whose cache may still hold it. The caller never
/// waits for a thread that has not started, so a neighbour that steals a core costs only that core.
/// </summary>
internal static class Workers
{
    // Iterations a worker spins for the next launch before it sleeps: about 20 microseconds.
    private const int SpinLimit = 2000;

    private static readonly Lock Owner = new();
    private static readonly object Sleep = new();
    private static readonly List<Thread> Threads = [];
    private static int threadCount = Environment.ProcessorCount;
    private static Launch? current;
    private static int active;
    private static int launches;
    private static int sleeping;

    [ThreadStatic]
    private static bool inside;

    /// <summary>Threads that share the work, the caller included; at least 1.</summary>
    public static int ThreadCount
    {
        get => threadCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            threadCount = value;
        }
    }

    /// <summary>Runs groups 0 to <paramref name="groups"/> - 1 of a kernel and returns when all are done.</summary>
    public static void Run<TKernel>(in TKernel kernel, int groups)
        where TKernel : struct, IKernel
    {
        // A launch from inside a launch, or while another thread has the workers, runs where it is.
        if (groups <= 1 || threadCount == 1 || inside || !Owner.TryEnter())
        {
            for (var group = 0; group < groups; group++)
            {
                kernel.Execute(group);
            }

            return;
        }

        try
        {
            inside = true;
            EnsureThreads();
            var launch = Launch<TKernel>.Shared;
            launch.Prepare(kernel, groups, threadCount);
            Interlocked.Exchange(ref current, launch);
            Interlocked.Increment(ref launches);
            if (Volatile.Read(ref sleeping) > 0)
            {
                lock (Sleep)
                {
                    Monitor.PulseAll(Sleep);
                }
            }

            launch.Drain(0);
            Interlocked.Exchange(ref current, null);
            var wait = new SpinWait();
            while (Volatile.Read(ref active) > 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            launch.Finish();
        }
        finally
        {
            inside = false;
            Owner.Exit();
        }
    }

    private static void EnsureThreads()
    {
        while (Threads.Count < threadCount - 1)
        {
            var index = Threads.Count;
            var thread = new Thread(() => Work(index)) { IsBackground = true, Name = $"crypson worker {index + 1}" };
            Threads.Add(thread);
            thread.Start();
        }
    }

    private static void Work(int index)
    {
        inside = true;
        var seen = 0;
        while (true)
        {
            seen = WaitForLaunch(seen);
            if (index >= threadCount - 1)
            {
                continue;
            }

            // `active` goes up before `current` is read and the caller clears `current` before it reads `active`,
            // so a launch is never reused while a late worker still looks at it.
            Interlocked.Increment(ref active);
            Volatile.Read(ref current)?.Drain(index + 1);
            Interlocked.Decrement(ref active);
        }
    }

    private static int WaitForLaunch(int seen)
    {
        for (var i = 0; i < SpinLimit; i++)
        {
            if (Volatile.Read(ref launches) != seen)
            {
                return Volatile.Read(ref launches);
            }

            Thread.SpinWait(4);
        }

        lock (Sleep)
        {
            Interlocked.Increment(ref sleeping);
            while (Volatile.Read(ref launches) == seen)
            {
                Monitor.Wait(Sleep);
            }

            Interlocked.Decrement(ref sleeping);
        }

        return Volatile.Read(ref launches);
    }

    private abstract class Launch
    {
        // A cache line apart, so that threads that take from their own queues do not share one.
        private const int Padding = 16;

        protected Exception? Failure;
        private int[] next = [];
        private int queues;
        private int count;

        /// <summary>Runs the groups of one's own queue, then what is left of the others.</summary>
        public void Drain(int queue)
        {
            try
            {
                for (var i = 0; i < queues; i++, queue++)
                {
                    var own = queue % queues;
                    var end = First(own + 1);
                    int group;
                    while ((group = Interlocked.Increment(ref next[own * Padding]) - 1) < end)
                    {
                        Execute(group);
                    }
                }
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref Failure, e, null);
                for (var i = 0; i < queues; i++)
                {
                    Volatile.Write(ref next[i * Padding], count);
                }
            }
        }

        public void Finish()
        {
            var failure = Failure;
            Failure = null;
            Forget();
            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }

        protected void Reset(int groups, int threads)
        {
            (count, queues) = (groups, Math.Min(groups, threads));
            if (next.Length < queues * Padding)
            {
                next = new int[queues * Padding];
            }

            for (var i = 0; i < queues; i++)
            {
                next[i * Padding] = First(i);
            }
        }

        protected abstract void Execute(int group);

        private int First(int queue) => (int)((long)queue * count / queues);

        /// <summary>Lets go of the operands.</summary>
        protected abstract void Forget();
    }

    private sealed class Launch<TKernel> : Launch
        where TKernel : struct, IKernel
    {
        public static readonly Launch<TKernel> Shared = new();
        private TKernel kernel;

        public void Prepare(in TKernel work, int groups, int threads)
        {
            kernel = work;
            Reset(groups, threads);
        }

        protected override void Execute(int group) => kernel.Execute(group);

        protected override void Forget() => kernel = default;
    }
}

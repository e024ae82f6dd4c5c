using System.Runtime.InteropServices;

namespace Crypson.Cpu.Inference;

/// <summary>
/// A job of an <see cref="InferencePlan"/>: takes one panel of letters after another through all stages, so that a thread
/// finds what it wrote in its own cache. When no panel is left it helps the others, group by group, with the stage that they
/// have come to: a thread whose core is slower does not keep the rest waiting.
/// </summary>
internal readonly unsafe struct PanelTeam : IKernel
{
    private readonly InferenceStage[] stages;
    private readonly float* x;
    private readonly float* y;
    private readonly int batch;
    private readonly int panelLanes;
    private readonly float* activations;
    private readonly nint largest;
    private readonly Place* places;
    private readonly int threads;

    /// <param name="activations">Twice <paramref name="largest"/> floats per thread: what a stage reads and what it writes.</param>
    /// <param name="memory"><see cref="Size"/> bytes.</param>
    public PanelTeam(InferenceStage[] stages, float* x, float* y, int batch, int panelLanes, float* activations, nint largest, void* memory, int threads)
    {
        (this.stages, this.batch, this.panelLanes, this.largest, this.threads) = (stages, batch, panelLanes, largest, threads);
        this.x = x;
        this.y = y;
        this.activations = activations;
        places = (Place*)memory;
        for (var i = 0; i < threads; i++)
        {
            places[i] = new Place { Work = Place.None };
        }

        places[threads] = default;
    }

    private int Panels => (batch + panelLanes - 1) / panelLanes;

    // Counts the panels that somebody has taken.
    private ref int Taken => ref places[threads].Done;

    /// <summary>Bytes of memory that the threads share.</summary>
    public static nint Size(int threads) => (threads + 1) * sizeof(Place);

    public void Execute(int group)
    {
        try
        {
            int panel;
            while ((panel = Interlocked.Increment(ref Taken) - 1) < Panels)
            {
                TakeThrough(group, panel);
            }
        }
        finally
        {
            Volatile.Write(ref places[group].Work, Place.None);
        }

        var wait = new SpinWait();
        while (OthersAreBusy(group))
        {
            if (!Help(group))
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private void TakeThrough(int group, int panel)
    {
        ref var place = ref places[group];
        var first = panel * panelLanes;
        var lanes = Math.Min(panelLanes, batch - first);
        var (input, output) = (stages[0].Layer.Input, stages[^1].Layer.Output);
        new LaneTransposition(x + ((nint)first * input.Count), Activations(group, 0), input, lanes, panelLanes).ToPanel();
        for (var stage = 0; stage < stages.Length; stage++)
        {
            place.Done = 0;
            Volatile.Write(ref place.Work, Place.Begin(stage));
            while (ExecuteNext(group))
            {
            }

            var wait = new SpinWait();
            while (Volatile.Read(ref place.Done) < stages[stage].Groups)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        new LaneTransposition(y + ((nint)first * output.Count), Activations(group, stages.Length), output, lanes, panelLanes).FromPanel();
    }

    private bool OthersAreBusy(int group)
    {
        for (var i = 0; i < threads; i++)
        {
            if (i != group && Volatile.Read(ref places[i].Work) != Place.None)
            {
                return true;
            }
        }

        return false;
    }

    // A group of some other thread's stage; false if none is left at present.
    private bool Help(int group)
    {
        for (var i = 1; i < threads; i++)
        {
            if (ExecuteNext((group + i) % threads))
            {
                return true;
            }
        }

        return false;
    }

    // The next group of the stage that a thread's panel has come to; false if none is left.
    private bool ExecuteNext(int group)
    {
        ref var place = ref places[group];
        while (true)
        {
            var work = Volatile.Read(ref place.Work);
            if (work == Place.None || Place.Group(work) >= stages[Place.Stage(work)].Groups)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref place.Work, work + 1, work) != work)
            {
                continue;
            }

            try
            {
                var stage = Place.Stage(work);
                stages[stage].Execute(Activations(group, stage), Activations(group, stage + 1), Place.Group(work));
            }
            finally
            {
                Interlocked.Increment(ref place.Done);
            }

            return true;
        }
    }

    private float* Activations(int group, int stage) => activations + (((2 * group) + (stage % 2)) * largest);

    /// <summary>Where a thread's panel is, in a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct Place
    {
        public const long None = -1;

        /// <summary>The stage and the first of its groups that nobody has taken.</summary>
        [FieldOffset(0)]
        public long Work;

        /// <summary>Groups of the stage that are done.</summary>
        [FieldOffset(8)]
        public int Done;

        public static long Begin(int stage) => (long)stage << 32;

        public static int Stage(long work) => (int)(work >> 32);

        public static int Group(long work) => (int)work;
    }
}

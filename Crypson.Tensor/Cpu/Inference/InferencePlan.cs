using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Crypson.Cpu.Products;

namespace Crypson.Cpu.Inference;

/// <summary>
/// Layers that need no gradient, as one: weights are packed once, batch norms are multiplied into them, and activations keep
/// the layout of the products from the first layer to the last. It notices when a weight changes and is then out of date.
/// </summary>
internal sealed unsafe class InferencePlan
{
    // Letters that go through the layers at a time: activations then stay in the last-level cache.
    private const int ChunkLanes = 256;

    // With so many panels a thread that ends last costs little.
    private const int PanelsPerThread = 4;

    private readonly InferenceStage[] stages;
    private readonly int panelLanes;
    private readonly nint largest;
    private readonly Storage[] storages;
    private readonly int[] versions;

    private InferencePlan(InferenceStage[] stages, int panelLanes)
    {
        (this.stages, this.panelLanes) = (stages, panelLanes);
        largest = (nint)stages.Max(stage => Math.Max(stage.Layer.Input.Count, stage.Layer.Output.Count)) * panelLanes;
        storages = [.. stages.SelectMany(stage => stage.Layer.Parameters).Select(parameter => parameter.Storage)];
        versions = Array.ConvertAll(storages, storage => storage.Version);
    }

    /// <summary>Sizes of an input.</summary>
    public ImageSize Input => stages[0].Layer.Input;

    /// <summary>Sizes of a result.</summary>
    public ImageSize Output => stages[^1].Layer.Output;

    /// <summary>Whether the weights are those that the plan was made of.</summary>
    public bool IsCurrent
    {
        get
        {
            for (var i = 0; i < storages.Length; i++)
            {
                if (storages[i].Version != versions[i])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The plan of at least one layer, each of which takes what the one before it gives.</summary>
    public static InferencePlan Create(IReadOnlyList<InferenceLayer> layers)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Create<MicroKernel512>(layers);
        }

        return Avx2.IsSupported && Fma.IsSupported ? Create<MicroKernel256>(layers) : Create<MicroKernel128>(layers);
    }

    /// <summary>Whether a batch fills most of the lanes that would be computed for it.</summary>
    public bool Suits(int batch) => batch > 0 && Panels(batch) * panelLanes * 2 <= batch * 3;

    /// <summary>[n, channels, height, width] of the result from as many inputs; x must be contiguous on the CPU.</summary>
    public Tensor Run(Tensor x, Shape shape)
    {
        var y = Tensor.Empty(shape, Device.Cpu);
        var batch = x.Shape[0];
        var panels = Panels(batch);
        if (panels % CpuDevice.Threads == 0 || panels >= PanelsPerThread * CpuDevice.Threads)
        {
            // A thread that takes a panel through all stages finds what it wrote in its own cache.
            Workers.Run(new PanelKernel(this, x.Floats, y.Floats, batch), panels);
        }
        else
        {
            for (var start = 0; start < batch; start += ChunkLanes)
            {
                RunLanes(x.Floats, y.Floats, start, Math.Min(ChunkLanes, batch - start));
            }
        }

        GC.KeepAlive(x);
        return y;
    }

    // All stages, each shared among the threads unless this is a job of its own.
    private void RunLanes(float* x, float* y, int start, int lanes)
    {
        var panels = Panels(lanes);
        var from = ThreadScratch.Current.Floats(ScratchSlot.Activations, 2 * panels * largest);
        var to = from + (panels * largest);
        Workers.Run(new LaneTransposition(x + ((nint)start * Input.Count), from, Input, lanes, panelLanes, false), panels);
        foreach (var stage in stages)
        {
            stage.Run(from, to, panels);
            var next = from;
            from = to;
            to = next;
        }

        Workers.Run(new LaneTransposition(y + ((nint)start * Output.Count), from, Output, lanes, panelLanes, true), panels);
    }

    private static InferencePlan Create<TMicro>(IReadOnlyList<InferenceLayer> layers)
        where TMicro : struct, IMicroKernel =>
        new([.. layers.Select(InferenceStage.Create<TMicro>)], TMicro.Columns);

    private int Panels(int lanes) => (lanes + panelLanes - 1) / panelLanes;

    private readonly struct PanelKernel(InferencePlan plan, float* x, float* y, int batch) : IKernel
    {
        private readonly float* x = x;
        private readonly float* y = y;

        public void Execute(int group)
        {
            var start = group * plan.panelLanes;
            plan.RunLanes(x, y, start, Math.Min(plan.panelLanes, batch - start));
        }
    }
}

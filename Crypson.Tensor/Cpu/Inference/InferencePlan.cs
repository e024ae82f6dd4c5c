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
        var threads = CpuDevice.Threads;
        var scratch = ThreadScratch.Current;
        var activations = scratch.Floats(ScratchSlot.Activations, 2 * largest * threads);
        var team = new PanelTeam(stages, x.Floats, y.Floats, x.Shape[0], panelLanes, activations, largest, scratch.Bytes(ScratchSlot.Team, PanelTeam.Size(threads)), threads);
        Workers.Run(team, threads);
        GC.KeepAlive(x);
        return y;
    }

    private static InferencePlan Create<TMicro>(IReadOnlyList<InferenceLayer> layers)
        where TMicro : struct, IMicroKernel =>
        new([.. layers.Select(InferenceStage.Create<TMicro>)], TMicro.Columns);

    private int Panels(int lanes) => (lanes + panelLanes - 1) / panelLanes;
}

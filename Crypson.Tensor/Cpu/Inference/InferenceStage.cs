using Crypson.Cpu.Products;

namespace Crypson.Cpu.Inference;

/// <summary>
/// A stage ready to run. Activations lie as [panel of lanes][position][channel][lane]: what one position holds of all
/// channels is a packed panel of a product's right operand already, so nothing is gathered, packed or transposed.
/// </summary>
internal abstract unsafe class InferenceStage(InferenceLayer layer)
{
    /// <summary>Row tiles of a group, so that the components of a Winograd tile stay in the second-level cache.</summary>
    protected const int TilesPerGroup = 8;

    public InferenceLayer Layer { get; } = layer;

    /// <summary>Parts of the work on one panel, which do not depend on one another.</summary>
    public abstract int Groups { get; }

    /// <summary>One part: reads a panel's activations at x and writes some of those at y.</summary>
    public abstract void Execute(float* x, float* y, int group);

    /// <summary>The stage of a layer, by the fastest way.</summary>
    public static InferenceStage Create<TMicro>(InferenceLayer layer)
        where TMicro : struct, IMicroKernel =>
        WideWinogradStage<TMicro>.Suits(layer) ? new WideWinogradStage<TMicro>(layer)
        : WinogradStage<TMicro>.Suits(layer) ? new WinogradStage<TMicro>(layer)
        : new DirectStage<TMicro>(layer);

    /// <summary>[combination or tap][tile of rows][channel of the input][row of the tile] and the like: packed weights, which live as long as the stage.</summary>
    protected static Tensor PackedWeights(long count) => count <= int.MaxValue
        ? Tensor.Empty([(int)count], Device.Cpu).Persist()
        : throw new OutOfMemoryException($"inference: packed weights of {count} elements are too many");
}

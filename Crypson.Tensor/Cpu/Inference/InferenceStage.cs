using Crypson.Cpu.Products;

namespace Crypson.Cpu.Inference;

/// <summary>
/// A stage ready to run. Activations lie as [panel of lanes][position][channel][lane]: what one position holds of all
/// channels is a packed panel of a product's right operand already, so nothing is gathered, packed or transposed.
/// </summary>
internal abstract unsafe class InferenceStage(InferenceLayer layer)
{
    /// <summary>Row tiles of a job, so that the components of a Winograd tile stay in the second-level cache.</summary>
    protected const int TilesPerJob = 8;

    public InferenceLayer Layer { get; } = layer;

    /// <summary>Reads the activations of so many panels at x and writes those at y.</summary>
    public abstract void Run(float* x, float* y, int panels);

    /// <summary>The stage of a layer, by the faster of the two ways.</summary>
    public static InferenceStage Create<TMicro>(InferenceLayer layer)
        where TMicro : struct, IMicroKernel =>
        WinogradStage<TMicro>.Suits(layer) ? new WinogradStage<TMicro>(layer) : new DirectStage<TMicro>(layer);

    /// <summary>[combination or tap][tile of rows][channel of the input][row of the tile] and the like: packed weights, which live as long as the stage.</summary>
    protected static Tensor PackedWeights(long count) => count <= int.MaxValue
        ? Tensor.Empty([(int)count], Device.Cpu).Persist()
        : throw new OutOfMemoryException($"inference: packed weights of {count} elements are too many");
}

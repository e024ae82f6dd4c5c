namespace Crypson.Benchmarks;

/// <summary>What goes into a layer, and the gradient of what comes out.</summary>
/// <param name="X">Input, image by image.</param>
/// <param name="Weight">Empty if the layer has none.</param>
/// <param name="Bias">Empty if the layer has none.</param>
/// <param name="Dy">Gradient of the result.</param>
internal sealed record LayerArrays(float[] X, float[] Weight, float[] Bias, float[] Dy)
{
    /// <summary>The bias of a channel, or 0.</summary>
    public float BiasOf(int channel) => Bias.Length > 0 ? Bias[channel] : 0;
}

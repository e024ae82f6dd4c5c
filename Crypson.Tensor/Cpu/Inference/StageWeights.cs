namespace Crypson.Cpu.Inference;

/// <summary>
/// A stage's weights with its batch norm multiplied in, and what is added to its results:
/// y = scale (w x + b - mean) + beta = (scale w) x + (scale (b - mean) + beta).
/// </summary>
internal sealed unsafe class StageWeights
{
    private readonly InferenceLayer layer;
    private readonly float[] scale;

    public StageWeights(InferenceLayer layer)
    {
        this.layer = layer;
        var channels = layer.Output.Channels;
        scale = new float[channels];
        Array.Fill(scale, 1);
        var (bias, norm) = (layer.Bias?.ToArray(), layer.Norm);
        IsPerPosition = bias is not null && bias.Length != channels;
        Shift = new float[IsPerPosition ? layer.Output.Count : channels];
        for (var i = 0; i < Shift.Length; i++)
        {
            // [position][channel]; a bias per position lies as [channel][position].
            var (channel, position) = (i % channels, i / channels);
            Shift[i] = bias is null ? 0 : IsPerPosition ? bias[(channel * layer.Output.Positions) + position] : bias[channel];
        }

        if (norm is not null)
        {
            var (weight, beta, mean, variance) = (norm.Weight.ToArray(), norm.Bias.ToArray(), norm.Mean.ToArray(), norm.Variance.ToArray());
            for (var channel = 0; channel < channels; channel++)
            {
                scale[channel] = weight[channel] / MathF.Sqrt(variance[channel] + norm.Eps);
            }

            for (var i = 0; i < Shift.Length; i++)
            {
                var channel = i % channels;
                Shift[i] = ((Shift[i] - mean[channel]) * scale[channel]) + beta[channel];
            }
        }
    }

    /// <summary>What is added: [channel], or [position][channel].</summary>
    public float[] Shift { get; }

    /// <summary>Whether <see cref="Shift"/> differs from position to position.</summary>
    public bool IsPerPosition { get; }

    /// <summary>The weight between two channels at a tap.</summary>
    public float At(int outChannel, int inChannel, int tap) =>
        layer.Weight.Floats[((nint)outChannel * layer.OutStride) + ((nint)inChannel * layer.InStride) + ((nint)tap * layer.TapStride)] * scale[outChannel];
}

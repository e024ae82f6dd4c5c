using Crypson.Nn;

namespace Crypson.Models;

/// <summary>
/// The mask of a time step. It is never trained: its weights stay as they were drawn and are part of the model, so it
/// hides nothing from anybody who has the model.
/// </summary>
public sealed class TimeEmbedding : Module
{
    private readonly Sequential? net;
    private readonly Embedding? table;
    private readonly int width;

    /// <param name="kind">Table or network.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="width">Numbers per mask; even for <see cref="TimeEmbeddingKind.Continuous"/>.</param>
    /// <param name="steps">Rows of the table.</param>
    public TimeEmbedding(TimeEmbeddingKind kind, Philox random, int width = 8, int steps = 1024)
    {
        if (kind == TimeEmbeddingKind.Continuous && (width < 4 || width % 2 != 0))
        {
            throw new ArgumentException($"time embedding: the continuous kind needs an even width of 4 or more, not {width}");
        }

        (Kind, this.width, Steps) = (kind, width, steps);
        if (kind == TimeEmbeddingKind.Discrete)
        {
            table = AddChild("embedding", new Embedding(steps, width, random));
        }
        else
        {
            net = AddChild("net", new Sequential(
                new Linear(width, 2 * width, random), Activation.Silu(), new Linear(2 * width, 2 * width, random), Activation.Silu(),
                new Linear(2 * width, width, random)));
        }
    }

    /// <summary>Table or network.</summary>
    public TimeEmbeddingKind Kind { get; }

    /// <summary>Rows of the table.</summary>
    public int Steps { get; }

    /// <summary>
    /// sin(t w_j), then cos(t w_j), with w_j = 10000^(-j / (h - 1)), j = 0 … h - 1, h = width / 2 (Vaswani et al. 2017).
    /// In double precision from an integer: two steps below 2⁵³ never share an angle.
    /// </summary>
    public static Tensor Sinusoid(ReadOnlySpan<ulong> times, int width)
    {
        var half = width / 2;
        var values = new float[times.Length * width];
        for (var i = 0; i < times.Length; i++)
        {
            for (var j = 0; j < half; j++)
            {
                var angle = times[i] * Math.Exp(-j * Math.Log(10000) / (half - 1));
                values[(i * width) + j] = (float)Math.Sin(angle);
                values[(i * width) + half + j] = (float)Math.Cos(angle);
            }
        }

        return Tensor.FromSpan(values, [times.Length, width]);
    }

    /// <summary>Masks [n, width] of n time steps.</summary>
    public Tensor Forward(ReadOnlySpan<ulong> times)
    {
        if (net is not null)
        {
            return net.Forward(Sinusoid(times, width).To(Device));
        }

        var rows = new int[times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            rows[i] = (int)(times[i] % (ulong)Steps);
        }

        return table!.Forward(IndexTensor.FromSpan(rows, Device));
    }
}

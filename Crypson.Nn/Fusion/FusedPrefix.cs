using Crypson.Cpu.Inference;

namespace Crypson.Nn;

/// <summary>
/// The first layers of a <see cref="Sequential"/> that need no gradient and work as in evaluation, run as one
/// <see cref="InferencePlan"/>. The plan is kept until a weight, the image size or what can be fused changes.
/// </summary>
internal sealed class FusedPrefix(IReadOnlyList<Layer> layers)
{
    private volatile Entry? entry;

    /// <summary>The number of layers that were run, 0 if fusing does not pay, and their value.</summary>
    public (int Layers, Tensor Value) Forward(Tensor x)
    {
        if (x.Device is not CpuDevice || x.Rank is not (2 or 4) || (x.RequiresGrad && !NoGradScope.IsActive))
        {
            return (0, x);
        }

        var count = 0;
        var convolutions = 0;
        while (count < layers.Count && layers[count].CanFuse(NoGradScope.IsActive))
        {
            convolutions += layers[count++] is Conv2d or ConvTranspose2d ? 1 : 0;
        }

        if (convolutions == 0)
        {
            return (0, x);
        }

        var current = entry;
        if (current is null || current.Candidates != count || !current.Sizes.AsSpan().SequenceEqual(x.Shape.Sizes[1..]) || current.Plan is { IsCurrent: false })
        {
            entry = current = Create(x.Shape, count);
        }

        return current.Plan is { } plan && plan.Suits(x.Shape[0])
            ? (current.Layers, plan.Run(x, [x.Shape[0], .. current.ResultSizes]))
            : (0, x);
    }

    private Entry Create(Shape shape, int candidates)
    {
        var builder = new FusionBuilder(shape);
        var count = 0;
        while (count < candidates && layers[count].Fuse(builder))
        {
            count++;
        }

        // One convolution alone has nothing to be fused with.
        var plan = builder.Layers.Count < 2 ? null : InferencePlan.Create(builder.Layers);
        return new Entry(candidates, shape.Sizes[1..].ToArray(), plan, count, builder.ResultSizes);
    }

    private sealed record Entry(int Candidates, int[] Sizes, InferencePlan? Plan, int Layers, int[] ResultSizes);
}

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>The same values with another shape; shares storage. One size may be -1: it follows from the rest.</summary>
    /// <exception cref="ArgumentException">The element counts differ.</exception>
    public Tensor Reshape(ReadOnlySpan<int> sizes)
    {
        var shape = sizes.Contains(-1) ? Complete(sizes) : Shape.Create(sizes);
        if (shape.ElementCount != Count)
        {
            throw new ArgumentException($"reshape: {Shape} has {Count} elements, {shape} has {shape.ElementCount}");
        }

        return shape == Shape ? this : Record("reshape", Share(shape), [this], dy => [dy.Share(Shape)]);
    }

    /// <summary>Merges the axes from <paramref name="startAxis"/> on: [n, c, h, w] becomes [n, c·h·w].</summary>
    public Tensor Flatten(int startAxis = 1)
    {
        startAxis = Shape.Axis("flatten", startAxis);
        return Reshape([.. Shape.Sizes[..startAxis], Shape.Product(startAxis, Rank)]);
    }

    private Shape Complete(ReadOnlySpan<int> sizes)
    {
        var complete = sizes.ToArray();
        var open = sizes.IndexOf(-1);
        complete[open] = 1;
        var known = Shape.Create(complete).ElementCount;
        complete[open] = known == 0 ? 0 : Count / known;
        if (complete[open] * known != Count)
        {
            throw new ArgumentException($"reshape: {Shape} ({Count} elements) does not fit [{string.Join(", ", sizes.ToArray())}]");
        }

        return complete;
    }
}

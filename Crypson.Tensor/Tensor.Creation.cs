using System.Buffers;

namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <exception cref="ArgumentException">The number of values is not the shape's element count.</exception>
    public static Tensor FromSpan(ReadOnlySpan<float> values, Shape shape, Device? device = null)
    {
        if (values.Length != shape.ElementCount)
        {
            throw new ArgumentException($"from span: {values.Length} values given for shape {shape} ({shape.ElementCount})");
        }

        var tensor = Empty(shape, device);
        tensor.Device.CopyIn(values, tensor.Storage);
        return tensor;
    }

    /// <summary>A vector with the given values.</summary>
    public static Tensor FromSpan(ReadOnlySpan<float> values, Device? device = null) => FromSpan(values, [values.Length], device);

    /// <summary>A tensor whose values, in row-major order, <paramref name="fill"/> writes; nothing is left on the managed heap.</summary>
    public static Tensor Create<TState>(Shape shape, TState state, SpanAction<float, TState> fill, Device? device = null)
    {
        var buffer = ArrayPool<float>.Shared.Rent(shape.ElementCount);
        try
        {
            var values = buffer.AsSpan(0, shape.ElementCount);
            fill(values, state);
            return FromSpan(values, shape, device);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>A tensor with one element and the shape <c>[]</c>.</summary>
    public static Tensor Scalar(float value, Device? device = null) => Full([], value, device);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(Shape shape, Device? device = null) => Full(shape, 0, device);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(Shape shape, Device? device = null) => Full(shape, 1, device);

    /// <summary>A tensor with one value everywhere.</summary>
    public static Tensor Full(Shape shape, float value, Device? device = null)
    {
        var tensor = Empty(shape, device);
        tensor.Fill(value);
        return tensor;
    }

    /// <summary>The numbers 0, 1, … <paramref name="count"/> - 1.</summary>
    public static Tensor Arange(int count, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = i;
        }

        return FromSpan(values, device);
    }

    /// <summary>Numbers uniform in [<paramref name="low"/>, <paramref name="high"/>), in row-major order of the stream.</summary>
    public static Tensor Uniform(Shape shape, Philox random, float low = 0, float high = 1, Device? device = null)
    {
        var tensor = Empty(shape, device);
        tensor.FillUniform(random, low, high);
        return tensor;
    }

    /// <summary>Normally distributed numbers, in row-major order of the stream.</summary>
    public static Tensor Normal(Shape shape, Philox random, float mean = 0, float standardDeviation = 1, Device? device = null)
    {
        var tensor = Empty(shape, device);
        tensor.FillNormal(random, mean, standardDeviation);
        return tensor;
    }

    /// <summary>A tensor whose values are not set.</summary>
    internal static Tensor Empty(Shape shape, Device? device = null) =>
        new((device ?? Crypson.Device.Cpu).Allocate((long)shape.ElementCount * sizeof(float)), shape);

    /// <summary>A tensor of this tensor's shape and device whose values are not set.</summary>
    internal Tensor EmptyLike() => Empty(Shape, Device);

    /// <summary>
    /// Where an element-wise gradient goes: over <paramref name="dy"/>, which is in the cache, if nobody else looks at it.
    /// </summary>
    internal static Tensor Over(Tensor dy) => dy.Storage.IsExclusive ? dy.Share(dy.Shape) : dy.EmptyLike();
}

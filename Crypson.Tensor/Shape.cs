using System.Collections;
using System.Runtime.CompilerServices;

namespace Crypson;

/// <summary>
/// The sizes of a tensor's axes, outermost first. Written as a collection: <c>Tensor.Zeros([32, 784])</c>;
/// a scalar has the shape <c>[]</c>.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IEnumerable<int>
{
    /// <summary>The largest number of elements: 2³¹ - 1, less one group of the element-wise kernels.</summary>
    public const int MaximumElements = int.MaxValue - Unary.Chunk;

    private readonly int[]? sizes;

    private Shape(int[] sizes) => this.sizes = sizes;

    /// <summary>The number of axes.</summary>
    public int Rank => sizes?.Length ?? 0;

    /// <summary>
    /// The number of elements: the product of the sizes, 1 for a scalar. Not named Count, because the compiler would take
    /// that for the number of axes in <c>[n, .. shape]</c>.
    /// </summary>
    public int ElementCount
    {
        get
        {
            var count = 1;
            foreach (var size in Sizes)
            {
                count *= size;
            }

            return count;
        }
    }

    /// <summary>The sizes as a span.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>The size of an axis; negative axes count from the end.</summary>
    public int this[int axis] => Sizes[axis < 0 ? axis + Rank : axis];

    /// <summary>Makes a shape from sizes of 0 or more.</summary>
    /// <exception cref="ArgumentException">A size is negative or the element count exceeds <see cref="MaximumElements"/>.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes)
    {
        var count = 1L;
        foreach (var size in sizes)
        {
            if (size < 0)
            {
                throw new ArgumentException($"shape: size {size} is negative in [{string.Join(", ", sizes.ToArray())}]");
            }

            count *= size;
            if (count > MaximumElements)
            {
                throw new ArgumentException($"shape: [{string.Join(", ", sizes.ToArray())}] has more than {MaximumElements} elements");
            }
        }

        return new Shape(sizes.ToArray());
    }

    /// <summary>A shape from an array of sizes.</summary>
    public static implicit operator Shape(int[] sizes) => Create(sizes);

    /// <summary>The sizes as a span.</summary>
    public static implicit operator ReadOnlySpan<int>(Shape shape) => shape.Sizes;

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The shape that two operands broadcast to (NumPy's rules: sizes match from the right, 1 stretches).</summary>
    /// <exception cref="ArgumentException">A pair of sizes differs and neither is 1.</exception>
    public static Shape Broadcast(string op, Shape a, Shape b)
    {
        var rank = Math.Max(a.Rank, b.Rank);
        var result = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var left = i <= a.Rank ? a[^i] : 1;
            var right = i <= b.Rank ? b[^i] : 1;
            if (left != right && left != 1 && right != 1)
            {
                throw new ArgumentException($"{op}: shapes do not broadcast: {a} and {b} ({left} and {right} at axis {rank - i})");
            }

            result[^i] = left == 1 ? right : left;
        }

        return Create(result);
    }

    /// <summary>An axis as 0 to Rank - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int Axis(string op, int axis)
    {
        if (axis < -Rank || axis >= Rank)
        {
            throw new ArgumentOutOfRangeException(nameof(axis), $"{op}: axis {axis} is outside a tensor of shape {this}");
        }

        return axis < 0 ? axis + Rank : axis;
    }

    /// <summary>The same shape with one axis changed.</summary>
    public Shape With(int axis, int size)
    {
        var copy = Sizes.ToArray();
        copy[axis] = size;
        return Create(copy);
    }

    /// <summary>The product of the sizes of axes <paramref name="from"/> to <paramref name="to"/> - 1.</summary>
    public int Product(int from, int to)
    {
        var product = 1;
        for (var i = from; i < to; i++)
        {
            product *= Sizes[i];
        }

        return product;
    }

    public int this[Index index] => Sizes[index];

    public int[] ToArray() => Sizes.ToArray();

    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var size in Sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", sizes ?? [])}]";

    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(sizes ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

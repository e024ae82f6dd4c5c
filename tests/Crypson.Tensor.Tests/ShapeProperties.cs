using FsCheck;
using FsCheck.Fluent;

namespace Crypson.Tests;

/// <summary>What holds for every shape, on shapes drawn at random (FsCheck shrinks a failure to a small one).</summary>
public sealed class ShapeProperties
{
    // Up to four axes of 0 to 4.
    private static Arbitrary<int[]> Shapes { get; } = Arb.From(
        from rank in Gen.Choose(0, 4)
        from sizes in Gen.Choose(0, 4).ArrayOf(rank)
        select sizes);

    // Two shapes that broadcast: axes of a common shape, some replaced by 1, some leading ones left out.
    private static Arbitrary<(int[] A, int[] B)> Pairs { get; } = Arb.From(
        from rank in Gen.Choose(0, 4)
        from sizes in Gen.Choose(0, 4).ArrayOf(rank)
        from a in Part(sizes)
        from b in Part(sizes)
        select (a, b));

    [Fact]
    public void Broadcast_result_has_the_larger_size_of_each_axis() => Check.One(Silent, Prop.ForAll(Pairs, pair =>
    {
        var result = (Leaf(pair.A) + Leaf(pair.B)).Shape;
        Assert.Equal(Math.Max(pair.A.Length, pair.B.Length), result.Rank);
        for (var i = 1; i <= result.Rank; i++)
        {
            var (left, right) = (i <= pair.A.Length ? pair.A[^i] : 1, i <= pair.B.Length ? pair.B[^i] : 1);
            Assert.Equal(left == 1 ? right : left, result[^i]);
        }
    }));

    [Fact]
    public void Broadcast_elements_come_from_their_places() => Check.One(Silent, Prop.ForAll(Pairs, pair =>
    {
        var (a, b) = (Leaf(pair.A), Leaf(pair.B));
        var want = Ops.Nd.Zip(Ops.Nd.Of(a), Ops.Nd.Of(b), (x, y) => x - (2 * y)).Values;
        Assert.Equal(want, Ops.Nd.Of(a - (b * 2)).Values);
    }));

    // The gradient of a broadcast operand is the sum over the places it was repeated to.
    [Fact]
    public void Gradient_has_the_operands_shape_and_counts_repetitions() => Check.One(Silent, Prop.ForAll(Pairs, pair =>
    {
        var (a, b) = (Leaf(pair.A), Leaf(pair.B));
        var y = a + b;
        y.Backward(Tensor.Ones(y.Shape));
        foreach (var operand in new[] { a, b })
        {
            Assert.Equal(operand.Shape, operand.Grad!.Shape);
            Assert.All(operand.Grad.ToArray(), gradient => Assert.Equal(y.Count / operand.Count, gradient));
        }
    }));

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused() => Check.One(Silent, Prop.ForAll(Shapes, Shapes, (a, b) =>
    {
        var fits = Enumerable.Range(1, Math.Min(a.Length, b.Length)).All(i => a[^i] == b[^i] || a[^i] == 1 || b[^i] == 1);
        if (fits)
        {
            _ = Leaf(a) * Leaf(b);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => Leaf(a) * Leaf(b));
        }
    }));

    [Fact]
    public void Reshape_there_and_back_keeps_values_and_gradient() => Check.One(Silent, Prop.ForAll(Shapes, shape =>
    {
        var x = Leaf(shape);
        var y = x.Reshape([x.Count]).Reshape(shape);
        Assert.Equal(x.Shape, y.Shape);
        Assert.Equal(x.ToArray(), y.ToArray());
        y.Backward(Leaf(shape).Detach());
        Assert.Equal(x.ToArray(), x.Grad!.ToArray());
    }));

    [Fact]
    public void Open_size_follows_from_the_rest() => Check.One(Silent, Prop.ForAll(Shapes, shape =>
    {
        var x = Leaf(shape);
        foreach (var axis in Enumerable.Range(0, shape.Length).Where(axis => shape[axis] != 0 || x.Count == 0))
        {
            var sizes = shape.ToArray();
            sizes[axis] = -1;
            if (sizes.Where(size => size != -1).All(size => size != 0))
            {
                Assert.Equal(x.Shape, x.Reshape(sizes).Shape);
            }
        }
    }));

    [Fact]
    public void Permuting_there_and_back_is_the_identity() => Check.One(Silent, Prop.ForAll(Shapes, shape =>
    {
        var order = new Philox((ulong)shape.Length).Permutation(shape.Length);
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        var x = Leaf(shape);
        var there = x.Permute(order);
        Assert.Equal(Enumerable.Range(0, order.Length).Select(i => shape[order[i]]), there.Shape.ToArray());
        Assert.Equal(x.ToArray(), there.Permute(inverse).ToArray());
    }));

    [Fact]
    public void Slices_concatenate_to_the_whole() => Check.One(Silent, Prop.ForAll(Shapes, shape =>
    {
        var x = Leaf(shape);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            for (var cut = 0; cut <= shape[axis]; cut++)
            {
                var y = Tensor.Concat([x.Slice(axis, 0, cut), x.Slice(axis, cut, shape[axis] - cut)], axis);
                Assert.Equal(x.Shape, y.Shape);
                Assert.Equal(x.ToArray(), y.ToArray());
            }
        }
    }));

    [Fact]
    public void Sums_over_all_sets_of_axes_keep_the_total() => Check.One(Silent, Prop.ForAll(Shapes, shape =>
    {
        var x = Leaf(shape);
        var total = x.ToArray().Sum();
        for (var set = 0; set < 1 << shape.Length; set++)
        {
            int[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => (set >> axis & 1) != 0)];
            var kept = x.Sum(axes, keepDimensions: true);
            var dropped = x.Sum(axes);
            Assert.Equal(shape.Select((size, axis) => axes.Contains(axis) ? 1 : size), kept.Shape.ToArray());
            Assert.Equal(shape.Where((_, axis) => !axes.Contains(axis)), dropped.Shape.ToArray());
            Assert.Equal(kept.ToArray(), dropped.ToArray());

            // Small whole numbers: every order of addition is exact.
            Assert.Equal(total, dropped.ToArray().Sum());
        }
    }));

    private static Config Silent => Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(200).WithReplay(20260117UL, 7UL);

    private static Gen<int[]> Part(int[] sizes) =>
        from keep in Gen.Choose(0, sizes.Length)
        from ones in Gen.Choose(0, 2).ArrayOf(keep)
        select sizes[(sizes.Length - keep)..].Select((size, i) => ones[i] == 0 ? 1 : size).ToArray();

    // A leaf of small whole numbers.
    private static Tensor Leaf(int[] shape)
    {
        var count = shape.Aggregate(1, (a, b) => a * b);
        var tensor = Tensor.FromSpan([.. Enumerable.Range(0, count).Select(i => (float)((i * 7 % 11) - 4))], Shape.Create(shape));
        tensor.RequiresGrad = true;
        return tensor;
    }
}

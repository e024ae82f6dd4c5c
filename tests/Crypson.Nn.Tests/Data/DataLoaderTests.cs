namespace Crypson.Nn.Tests.Data;

/// <summary>Orders of examples and the batches made from them.</summary>
public sealed class DataLoaderTests
{
    [Fact]
    public void Shuffling_visits_every_example_once_in_new_orders()
    {
        var sampler = Sampler.Shuffled(100, 7);
        var (first, second) = (sampler.Order(0), sampler.Order(1));
        Assert.Equal(Enumerable.Range(0, 100), first.Order());
        Assert.Equal(Enumerable.Range(0, 100), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(first, Sampler.Shuffled(100, 7).Order(0));
        Assert.NotEqual(first, Sampler.Shuffled(100, 8).Order(0));
        Assert.Equal(Enumerable.Range(0, 5), Sampler.Sequential(5).Order(3));
    }

    [Fact]
    public void Balancing_draws_every_class_equally_often()
    {
        byte[] labels = [.. Enumerable.Repeat((byte)0, 50), .. Enumerable.Repeat((byte)3, 6), .. Enumerable.Repeat((byte)9, 4)];
        var sampler = Sampler.ClassBalanced(labels, 5);
        var order = sampler.Order(0);
        Assert.Equal(60, order.Length);
        Assert.All(order.GroupBy(example => labels[example]), group => Assert.Equal(20, group.Count()));

        // A small class is visited evenly too: 20 draws of 6 examples, and 20 of 4.
        Assert.All(order.Where(example => labels[example] == 3).CountBy(example => example), pair => Assert.InRange(pair.Value, 3, 4));
        Assert.All(order.Where(example => labels[example] == 9).CountBy(example => example), pair => Assert.Equal(5, pair.Value));
        Assert.Equal(20, order.Where(example => labels[example] == 0).Distinct().Count());
        Assert.Equal(order, sampler.Order(0));
        Assert.NotEqual(order, sampler.Order(1));
    }

    [Theory]
    [InlineData(false, new[] { 4, 4, 2 })]
    [InlineData(true, new[] { 4, 4 })]
    public void Batches_follow_the_sampler(bool dropLast, int[] sizes)
    {
        var sampler = Sampler.Shuffled(10, 1);
        var loader = new DataLoader<int[]>(sampler, 4, batch => batch.ToArray(), dropLast);
        var batches = loader.Epoch(2).ToArray();
        Assert.Equal(sizes.Length, loader.BatchCount);
        Assert.Equal(sizes, batches.Select(batch => batch.Length));
        Assert.Equal(sampler.Order(2).Take(sizes.Sum()), batches.SelectMany(batch => batch));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void An_epoch_resumes_in_the_middle(int first)
    {
        var loader = new DataLoader<int[]>(Sampler.Shuffled(10, 1), 3, batch => batch.ToArray());
        Assert.Equal(loader.Epoch(0).Skip(first).Select(batch => string.Join(' ', batch)), loader.Epoch(0, first).Select(batch => string.Join(' ', batch)));
    }

    [Fact]
    public void A_fault_while_making_a_batch_reaches_the_reader()
    {
        var loader = new DataLoader<int>(Sampler.Sequential(10), 2, batch => batch.Span[0] < 4 ? batch.Span[0] : throw new InvalidDataException("example 4"));
        var seen = new List<int>();
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                seen.Add(batch);
            }
        });
        Assert.Equal("example 4", error.Message);
        Assert.Equal([0, 2], seen);
    }

    // Leaving the loop early must stop the maker, which waits for room, instead of waiting for it for ever.
    [Fact]
    public void A_reader_may_stop_early()
    {
        var (made, stopped, late) = (0, false, 0);
        var loader = new DataLoader<int>(
            Sampler.Sequential(100_000), 1,
            batch =>
            {
                late += Volatile.Read(ref stopped) ? 1 : 0;
                return Interlocked.Increment(ref made);
            },
            prefetch: 3);
        foreach (var batch in loader.Epoch(0))
        {
            if (batch == 2)
            {
                break;
            }
        }

        // Leaving the loop waits for the loader's thread: nothing is made any more.
        Volatile.Write(ref stopped, true);
        Assert.InRange(made, 2, 7);
        Assert.Equal(0, late);
        Assert.Equal(100_000, loader.BatchCount);
    }

    [Fact]
    public void An_epoch_without_examples_is_empty() =>
        Assert.Empty(new DataLoader<int>(Sampler.Sequential(0), 4, batch => batch.Length).Epoch(0));

    [Fact]
    public void A_batch_size_below_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader<int>(Sampler.Sequential(4), 0, batch => batch.Length).Epoch(0).Count());

    [Fact]
    public void A_sampler_of_chosen_examples_keeps_its_order()
    {
        int[] examples = [50, 10, 40, 20, 30];
        var sampler = Sampler.Shuffled(5, 3);
        Assert.Equal(sampler.Order(2).Select(i => examples[i]), sampler.Of(examples).Order(2));
        Assert.NotEqual(examples, sampler.Of(examples).Order(2));
        Assert.Throws<ArgumentException>(() => sampler.Of([1, 2]));
    }
}

namespace Crypson.Nn;

/// <summary>
/// The order in which an epoch visits a data set: a pure function of the seed and the epoch's number, so that a resumed
/// run needs to know no more than its step.
/// </summary>
/// <param name="count">Examples per epoch.</param>
/// <param name="order">The order of an epoch, counted from 0.</param>
public sealed class Sampler(int count, Func<int, int[]> order)
{
    /// <summary>Examples per epoch.</summary>
    public int Count => count;

    /// <summary>First to last, every epoch.</summary>
    public static Sampler Sequential(int count) => new(count, _ => [.. Enumerable.Range(0, count)]);

    /// <summary>Every example once per epoch, in a new random order each time.</summary>
    public static Sampler Shuffled(int count, ulong seed) => new(count, epoch => new Philox(seed, Stream(epoch)).Permutation(count));

    /// <summary>
    /// As many draws as there are examples, every class equally often (up to one): a class's examples are visited in random
    /// order and again from the start when it is small.
    /// </summary>
    public static Sampler ClassBalanced(ReadOnlySpan<byte> labels, ulong seed)
    {
        var byClass = new SortedDictionary<byte, List<int>>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!byClass.TryGetValue(labels[i], out var members))
            {
                byClass[labels[i]] = members = [];
            }

            members.Add(i);
        }

        var classes = byClass.Values.Select(members => members.ToArray()).ToArray();
        var count = labels.Length;
        return new(count, epoch =>
        {
            var random = new Philox(seed, Stream(epoch));
            var orders = Array.ConvertAll(classes, members => random.Permutation(members.Length));
            var slots = random.Permutation(count);
            var order = new int[count];
            for (var i = 0; i < count; i++)
            {
                var (group, turn) = (i % classes.Length, i / classes.Length);
                order[slots[i]] = classes[group][orders[group][turn % classes[group].Length]];
            }

            return order;
        });
    }

    /// <summary>The same order of some of a data set's examples: this sampler's number i stands for <c>examples[i]</c>.</summary>
    /// <exception cref="ArgumentException">There are not as many examples as this sampler counts.</exception>
    public Sampler Of(int[] examples) => examples.Length == count
        ? new(count, epoch => Array.ConvertAll(order(epoch), i => examples[i]))
        : throw new ArgumentException($"sampler: {examples.Length} examples given for a sampler of {count}", nameof(examples));

    /// <summary>The examples of an epoch, counted from 0, in order.</summary>
    public int[] Order(int epoch) => order(epoch);

    // Its own range of streams, apart from those that draw weights and noise under the same seed.
    private static ulong Stream(int epoch) => (1UL << 32) + (uint)epoch;
}

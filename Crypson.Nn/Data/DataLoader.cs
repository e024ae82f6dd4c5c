using System.Collections.Concurrent;

namespace Crypson.Nn;

/// <summary>Cuts a sampler's order into batches and makes them on a background thread, a few ahead of their use.</summary>
/// <typeparam name="TBatch">What a batch is made into.</typeparam>
/// <param name="sampler">The order of the examples.</param>
/// <param name="batchSize">Examples per batch, 1 or more.</param>
/// <param name="collate">Makes a batch from the numbers of its examples; runs on the background thread.</param>
/// <param name="dropLast">Leaves out a last batch that is not full.</param>
/// <param name="prefetch">Batches made ahead, 1 or more.</param>
public sealed class DataLoader<TBatch>(Sampler sampler, int batchSize, Func<ReadOnlyMemory<int>, TBatch> collate, bool dropLast = false, int prefetch = 2)
{
    /// <summary>Batches per epoch.</summary>
    public int BatchCount => batchSize < 1
        ? throw new ArgumentOutOfRangeException(nameof(batchSize), $"data loader: the batch size {batchSize} is below 1")
        : dropLast ? sampler.Count / batchSize : (sampler.Count + batchSize - 1) / batchSize;

    /// <summary>The batches of an epoch, counted from 0, from batch number <paramref name="first"/> on.</summary>
    public IEnumerable<TBatch> Epoch(int epoch, int first = 0)
    {
        var count = BatchCount;
        using var stop = new CancellationTokenSource();
        using var ready = new BlockingCollection<TBatch>(prefetch);
        // A thread of its own: the pool's spin when they have nothing to do, which the threads that compute would feel.
        var maker = Task.Factory.StartNew(Make, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var batch in ready.GetConsumingEnumerable())
            {
                yield return batch;
            }

            maker.GetAwaiter().GetResult();
        }
        finally
        {
            stop.Cancel();
            ((IAsyncResult)maker).AsyncWaitHandle.WaitOne();
        }

        void Make()
        {
            try
            {
                var order = sampler.Order(epoch).AsMemory();
                for (var i = first; i < count; i++)
                {
                    var start = i * batchSize;
                    ready.Add(collate(order.Slice(start, Math.Min(batchSize, order.Length - start))), stop.Token);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The consumer stopped early.
            }
            finally
            {
                ready.CompleteAdding();
            }
        }
    }
}

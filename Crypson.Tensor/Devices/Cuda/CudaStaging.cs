namespace Crypson;

/// <summary>
/// Copies to the device without waiting: the bytes go to a block of page-locked memory that the device reads later. A
/// block is used again when its copy is done.
/// </summary>
internal sealed unsafe class CudaStaging(CudaApi api, nint stream)
{
    private const int BlockBytes = 1 << 20;
    private const int MaxBlocks = 16;
    private const uint WithoutTiming = 2;

    private readonly Queue<(nint Block, nint Event)> busy = new();

    /// <param name="source">Any number of bytes: an array of 2³¹ elements has more than an int can count.</param>
    public void Write(void* source, long bytes, nint destination)
    {
        for (var offset = 0L; offset < bytes; offset += BlockBytes)
        {
            var length = Math.Min(BlockBytes, bytes - offset);
            var (block, done) = Take();
            Buffer.MemoryCopy((byte*)source + offset, (void*)block, BlockBytes, length);
            busy.Enqueue((block, done));
            CudaError.Check(api, api.MemcpyHtoDAsync(destination + (nint)offset, (void*)block, (nuint)length, stream), "cuMemcpyHtoDAsync");
            CudaError.Check(api, api.EventRecord(done, stream), "cuEventRecord");
        }
    }

    // The oldest block if its copy is done, a new one while there are few, else the oldest after a wait.
    private (nint Block, nint Event) Take()
    {
        if (busy.TryPeek(out var oldest))
        {
            var status = api.EventQuery(oldest.Event);
            if (status == 0 || busy.Count >= MaxBlocks)
            {
                CudaError.Check(api, status == 0 ? 0 : api.EventSynchronize(oldest.Event), "cuEventSynchronize");
                return busy.Dequeue();
            }

            CudaError.Check(api, status == CudaError.NotReady ? 0 : status, "cuEventQuery");
        }

        nint block;
        nint done;
        CudaError.Check(api, api.MemHostAlloc(&block, BlockBytes, 0), "cuMemHostAlloc");
        CudaError.Check(api, api.EventCreate(&done, WithoutTiming), "cuEventCreate");
        return (block, done);
    }
}

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

    public void Write(ReadOnlySpan<byte> source, nint destination)
    {
        for (var offset = 0; offset < source.Length; offset += BlockBytes)
        {
            var part = source.Slice(offset, Math.Min(BlockBytes, source.Length - offset));
            var (block, done) = Take();
            part.CopyTo(new Span<byte>((void*)block, BlockBytes));
            busy.Enqueue((block, done));
            CudaError.Check(api, api.MemcpyHtoDAsync(destination + offset, (void*)block, (nuint)part.Length, stream), "cuMemcpyHtoDAsync");
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

using System.Runtime.InteropServices;

namespace Crypson;

/// <summary>
/// Copies to the device without waiting: the bytes go to a block of host memory that the driver reads later. A block is
/// used again when its copy is done.
/// </summary>
internal sealed unsafe class OpenClStaging(OpenClApi api, nint queue)
{
    private const int BlockBytes = 1 << 20;
    private const int MaxBlocks = 16;
    private const uint ExecutionStatus = 0x11D3;
    private const int Complete = 0;

    private readonly Queue<(nint Block, nint Event)> busy = new();

    public void Write(ReadOnlySpan<byte> source, nint buffer)
    {
        for (var offset = 0; offset < source.Length; offset += BlockBytes)
        {
            var part = source.Slice(offset, Math.Min(BlockBytes, source.Length - offset));
            var block = Take();
            part.CopyTo(new Span<byte>((void*)block, BlockBytes));
            nint done;
            var status = api.EnqueueWriteBuffer(queue, buffer, 0, (nuint)offset, (nuint)part.Length, (void*)block, 0, null, &done);
            if (status != 0)
            {
                NativeMemory.Free((void*)block);
                OpenClError.Check(status, "clEnqueueWriteBuffer");
            }

            busy.Enqueue((block, done));
        }

        OpenClError.Check(api.Flush(queue), "clFlush");
    }

    // The oldest block if its copy is done, a new one while there are few, else the oldest after a wait.
    private nint Take()
    {
        if (busy.TryPeek(out var oldest))
        {
            var isDone = Status(oldest.Event) == Complete;
            if (isDone || busy.Count >= MaxBlocks)
            {
                busy.Dequeue();
                var done = oldest.Event;
                var status = isDone ? 0 : api.WaitForEvents(1, &done);
                OpenClError.Check(api.ReleaseEvent(done), "clReleaseEvent");
                OpenClError.Check(status, "clWaitForEvents");
                return oldest.Block;
            }
        }

        return (nint)NativeMemory.Alloc(BlockBytes);
    }

    private int Status(nint done)
    {
        int value;
        OpenClError.Check(api.GetEventInfo(done, ExecutionStatus, sizeof(int), &value, null), "clGetEventInfo");
        return value;
    }
}

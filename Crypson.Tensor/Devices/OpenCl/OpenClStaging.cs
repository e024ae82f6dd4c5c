using System.Runtime.InteropServices;

namespace Crypson;

/// <summary>
/// Copies to the device without waiting: the bytes go to a block of host memory that the driver reads later. A block is
/// used again when its copy is done.
/// </summary>
internal sealed unsafe class OpenClStaging(OpenClApi api, OpenClDevice device, nint queue)
{
    private const int BlockBytes = 1 << 20;
    private const int MaxBlocks = 16;
    private const uint ExecutionStatus = 0x11D3;
    private const int Complete = 0;

    private readonly Queue<(nint Block, nint Event)> busy = new();

    /// <param name="source">Any number of bytes: an array of 2³¹ elements has more than an int can count.</param>
    public void Write(void* source, long bytes, nint buffer)
    {
        for (var offset = 0L; offset < bytes; offset += BlockBytes)
        {
            var length = Math.Min(BlockBytes, bytes - offset);
            var block = Take();
            Buffer.MemoryCopy((byte*)source + offset, (void*)block, BlockBytes, length);
            nint done;
            var status = Queue(block, offset, length, &done);
            if (device.CanRepeat(status))
            {
                status = Queue(block, offset, length, &done);
            }

            if (status != 0)
            {
                NativeMemory.Free((void*)block);
                device.CheckQueued(status, $"clEnqueueWriteBuffer ({bytes} bytes)");
            }

            busy.Enqueue((block, done));
        }

        OpenClError.Check(api.Flush(queue), "clFlush");

        int Queue(nint block, long offset, long length, nint* done) =>
            api.EnqueueWriteBuffer(queue, buffer, 0, (nuint)offset, (nuint)length, (void*)block, 0, null, done);
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

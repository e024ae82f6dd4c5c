using Crypson.Kernels;

namespace Crypson.Tests;

/// <summary>What a device's pool does when the driver has no memory left.</summary>
public sealed class MemoryPoolTests
{
    private const int Mebibyte = 1 << 20;

    /// <summary>The memory of a block that a queued launch uses is not there before the launch has run, free or not.</summary>
    [Fact]
    public void Queued_launches_are_waited_for_before_memory_is_out()
    {
        var device = new Queue(8 * Mebibyte);
        using (var x = device.Allocate<byte>(6 * Mebibyte))
        {
            device.Launch(new KernelProgram("K", "K.cs:1", null, null, KernelFeatures.None), KernelRange.Over(new Index1D(1)), default(NoCall));
        }

        using (device.Allocate<byte>(2 * Mebibyte))
        {
            Assert.Equal(0, device.Waits);
        }

        using var y = device.Allocate<byte>(7 * Mebibyte);
        Assert.Equal(1, device.Waits);
        Assert.Equal(7 * Mebibyte, device.BytesReserved);
        Assert.StartsWith(
            $"plain: out of memory allocating {2 * Mebibyte} bytes ({7 * Mebibyte} of ",
            Assert.Throws<OutOfMemoryException>(() => device.Allocate<byte>(2 * Mebibyte)).Message);
    }

    /// <summary>A device that runs launches when it is waited for, and then has the memory of blocks that were freed meanwhile.</summary>
    private sealed class Queue(long room) : PlainDevice
    {
        private readonly Dictionary<nint, long> sizes = [];
        private bool isBusy;
        private long promised;

        internal override void Start<TCall>(KernelProgram program, KernelRange range, in TCall call) => isBusy = true;

        internal override void Finish()
        {
            room += promised;
            (isBusy, promised) = (false, 0);
        }

        internal override nint AllocateBlock(long bytes)
        {
            if (bytes > room)
            {
                throw new OutOfMemoryException("full");
            }

            room -= bytes;
            var address = base.AllocateBlock(bytes);
            sizes[address] = bytes;
            return address;
        }

        internal override void FreeBlock(nint address)
        {
            sizes.Remove(address, out var bytes);
            base.FreeBlock(address);
            room += isBusy ? 0 : bytes;
            promised += isBusy ? bytes : 0;
        }
    }

    private readonly struct NoCall : IKernelCall
    {
        public void Execute(Index3D index)
        {
        }

        public void Write(KernelArguments arguments)
        {
        }
    }
}

namespace Crypson.Tests.Autograd;

/// <summary>Memory stays flat while training. Alone, because the counters belong to the whole process.</summary>
[Collection("workers")]
public sealed class MemoryTests
{
    public static IEnumerable<TheoryDataRow<string>> Devices() => DeviceForms.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_thousand_steps_in_scopes_need_no_more_memory_than_ten(string name)
    {
        var device = DeviceForms.Get(name);
        using var network = new SmallNetwork(4, 8, device);
        for (var i = 0; i < 10; i++)
        {
            network.Step();
        }

        Collect();
        var (used, reserved) = (device.BytesInUse, device.BytesReserved);
        for (var i = 0; i < 1000; i++)
        {
            network.Step();
        }

        Assert.Equal(used, device.BytesInUse);
        Assert.Equal(reserved, device.BytesReserved);
    }

    // What a step allocates on the managed heap is the graph's bookkeeping, whatever the size of the tensors.
    [Fact]
    public void Managed_allocation_does_not_grow_with_the_tensors()
    {
        var small = AllocatedPerStep(4, 8);
        var large = AllocatedPerStep(32, 8);
        Assert.InRange(large, 0, small + 512);
    }

    [Fact]
    public void Without_scopes_the_garbage_collector_keeps_memory_bounded()
    {
        var before = Device.Cpu.BytesReserved;
        for (var i = 0; i < 60; i++)
        {
            // Four tensors of 8 MiB: 2 GiB in all if nothing came back.
            var x = Tensor.Ones([1 << 21]);
            x.RequiresGrad = true;
            (x * 2).Sum().Backward();
        }

        Assert.InRange(Device.Cpu.BytesReserved - before, 0, 768L << 20);
    }

    [Fact]
    public void A_scope_frees_what_was_made_in_it()
    {
        Collect();
        var before = Device.Cpu.BytesInUse;
        Tensor parameter, kept, lost;
        using (var scope = new TensorScope())
        {
            parameter = Tensor.Ones([1000]);
            parameter.RequiresGrad = true;
            lost = parameter * 2;
            kept = scope.Keep(parameter * 3);
            lost.Sum().Backward();
        }

        Assert.Equal(3, kept.ToArray()[0]);
        Assert.Equal(2, parameter.Grad!.ToArray()[0]);
        Assert.Contains("scope.Keep", Assert.Throws<ObjectDisposedException>(() => lost.ToArray()).Message);

        // Parameter, gradient and the tensor that was kept: 4,096 bytes each (a size class above 4,000).
        Assert.Equal(3 * 4096, Device.Cpu.BytesInUse - before);
        parameter.ZeroGrad();
        parameter.Dispose();
        kept.Dispose();
        Assert.Equal(before, Device.Cpu.BytesInUse);
    }

    [Fact]
    public void A_scope_frees_indices_too()
    {
        Collect();
        var before = Device.Cpu.BytesInUse;
        using (new TensorScope())
        {
            var x = Tensor.Ones([2, 3, 8, 8]);
            x.RequiresGrad = true;
            x.MaxPool2d(2).Flatten().CrossEntropy(IndexTensor.FromSpan([1, 2])).Backward();
            _ = x.ArgMax(1);
            x.ZeroGrad();
            x.Dispose();
        }

        Assert.Equal(before, Device.Cpu.BytesInUse);
    }

    [Fact]
    public void A_tensor_kept_in_an_inner_scope_belongs_to_the_outer()
    {
        Tensor kept;
        using (new TensorScope())
        {
            using (var inner = new TensorScope())
            {
                kept = inner.Keep(Tensor.Ones([3]));
            }

            Assert.Equal([1, 1, 1], kept.ToArray());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.ToArray());
    }

    [Fact]
    public void Scopes_end_in_order()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();
        Assert.Throws<InvalidOperationException>(outer.Dispose);
        inner.Dispose();
        outer.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void Trimming_gives_free_blocks_back()
    {
        Collect();
        using (new TensorScope())
        {
            _ = Tensor.Ones([123_457]);
        }

        Device.Cpu.TrimMemory();
        Assert.Equal(Device.Cpu.BytesInUse, Device.Cpu.BytesReserved);
    }

    private static long AllocatedPerStep(int batch, int side)
    {
        using var network = new SmallNetwork(batch, side, Device.Cpu);
        for (var i = 0; i < 50; i++)
        {
            network.Step();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            network.Step();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }

    // What earlier tests left behind, so that it is not freed in the middle of a count.
    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Convolution, batch norm, linear layer, and their parameters' updates.</summary>
    private sealed class SmallNetwork : IDisposable
    {
        private readonly Tensor x;
        private readonly Tensor mean;
        private readonly Tensor variance;
        private readonly Tensor[] parameters;

        public SmallNetwork(int batch, int side, Device device)
        {
            var random = new Philox(1);
            x = Tensor.Normal([batch, 1, side, side], random, device: device);
            (mean, variance) = (Tensor.Zeros([2], device), Tensor.Ones([2], device));
            parameters = [
                Tensor.Normal([2, 1, 3, 3], random, device: device), Tensor.Normal([2], random, device: device), Tensor.Ones([2], device),
                Tensor.Zeros([2], device), Tensor.Normal([3, 2 * side * side], random, 0, 0.1f, device), Tensor.Zeros([3], device)];
            foreach (var parameter in parameters)
            {
                parameter.RequiresGrad = true;
            }
        }

        public void Step()
        {
            using var scope = new TensorScope();
            var y = x.Conv2d(parameters[0], parameters[1], padding: 1)
                .BatchNorm(parameters[2], parameters[3], mean, variance, true).Relu().Flatten().Linear(parameters[4], parameters[5]);
            y.Square().Mean().Backward();
            using var noGrad = Tensor.NoGrad();
            foreach (var parameter in parameters)
            {
                parameter.AddInPlace(parameter.Grad!, -0.01f);
                parameter.ZeroGrad();
            }
        }

        public void Dispose()
        {
            foreach (var tensor in (Tensor[])[x, mean, variance, .. parameters])
            {
                tensor.Dispose();
            }
        }
    }
}

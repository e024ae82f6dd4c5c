using System.Runtime.CompilerServices;

namespace Crypson;

/// <summary>
/// A float32 array of any rank, row-major and contiguous, that records the operations made on it so that
/// <see cref="Backward"/> can compute gradients (define-by-run).
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private Storage? storage;
    private bool requiresGrad;

    internal Tensor(Storage storage, Shape shape)
    {
        this.storage = storage;
        Shape = shape;
        TensorScope.Register(this);
    }

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public int Count => Shape.ElementCount;

    /// <summary>Where the values live.</summary>
    public Device Device => Storage.Device;

    /// <summary>The gradient that <see cref="Backward"/> accumulated into this leaf; null before.</summary>
    public Tensor? Grad { get; private set; }

    /// <summary>True when no recorded operation made this tensor.</summary>
    public bool IsLeaf => Node is null;

    /// <summary>
    /// Whether gradients flow to this tensor. Setting it makes a leaf a parameter, which no scope frees.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is the result of an operation.</exception>
    public bool RequiresGrad
    {
        get => requiresGrad;
        set
        {
            if (!IsLeaf)
            {
                throw new InvalidOperationException("requires grad: only a leaf can be changed; use Detach() to cut a result from its graph");
            }

            requiresGrad = value;
            IsPersistent |= value;
        }
    }

    /// <summary>True when scopes leave this tensor alone.</summary>
    internal bool IsPersistent { get; private set; }

    internal Node? Node { get; private set; }

    /// <summary>The values as a kernel's argument, in row-major order. Changing them is not recorded.</summary>
    public Kernels.ArrayView<float> View => new(Storage, 0, Count);

    internal Storage Storage => storage ?? throw new ObjectDisposedException(
        nameof(Tensor), $"tensor {Shape} was freed at the end of its scope; use scope.Keep(tensor) or compute inside the scope");

    internal unsafe float* Floats => Storage.Floats;

    /// <summary>Stops recording on this thread until the returned object is disposed.</summary>
    public static NoGradScope NoGrad() => new();

    /// <summary>Marks this tensor as one that scopes leave alone, such as a running statistic. Returns it.</summary>
    public Tensor Persist()
    {
        IsPersistent = true;
        return this;
    }

    /// <summary>The same values without a history; shares storage.</summary>
    public Tensor Detach() => Share(Shape);

    /// <summary>A copy without a history.</summary>
    public Tensor Clone()
    {
        var copy = Empty(Shape, Device);
        copy.CopyFrom(this);
        return copy;
    }

    /// <summary>The values, in row-major order.</summary>
    public float[] ToArray()
    {
        var values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the values, in row-major order, to a span of exactly <see cref="Count"/> elements.</summary>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException($"copy to: {destination.Length} elements given for a tensor of shape {Shape} ({Count})");
        }

        Device.CopyOut(Storage, destination);
        GC.KeepAlive(this);
    }

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another number of elements.</exception>
    public float Item()
    {
        if (Count != 1)
        {
            throw new InvalidOperationException($"item: the tensor has shape {Shape}, not one element");
        }

        var value = 0f;
        Device.CopyOut(Storage, new Span<float>(ref value));
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>The tensor on another device; itself when it is there already. The gradient flows back.</summary>
    public Tensor To(Device device)
    {
        if (device == Device)
        {
            return this;
        }

        var source = Device;
        return Record("to", FromSpan(ToArray(), Shape, device), [this], dy => [dy.To(source)]);
    }

    /// <summary>Moves a leaf's values to another device; the tensor stays the same object and loses its gradient.</summary>
    internal void MoveTo(Device device)
    {
        if (!IsLeaf)
        {
            throw new InvalidOperationException("move to: only a leaf can be moved; use To(device) for a result");
        }

        if (device == Device)
        {
            return;
        }

        ZeroGrad();
        var moved = device.Allocate((long)Count * sizeof(float));
        device.CopyIn<float>(ToArray(), moved);
        Storage.Release();
        storage = moved;
    }

    /// <summary>Replaces the values, in row-major order.</summary>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"copy from: {values.Length} values given for a tensor of shape {Shape} ({Count})");
        }

        RequireWritable("copy from");
        Device.CopyIn(values, Storage);
        GC.KeepAlive(this);
    }

    /// <summary>Replaces the values by those of a tensor of the same shape.</summary>
    public unsafe void CopyFrom(Tensor source)
    {
        if (source.Shape != Shape)
        {
            throw new ArgumentException($"copy from: shapes differ: {Shape} and {source.Shape}");
        }

        if (source.Device is CpuDevice)
        {
            CopyFrom(new ReadOnlySpan<float>(source.Floats, source.Count));
        }
        else if (source.Device == Device)
        {
            RequireWritable("copy from");
            ElementwiseKernels.LaunchCopy(Device, Count, source.View, View);
        }
        else
        {
            CopyFrom(source.ToArray());
        }

        GC.KeepAlive(source);
    }

    /// <summary>Frees the values now. Never needed: scopes and the garbage collector do it.</summary>
    public void Dispose()
    {
        storage?.Release();
        storage = null;
        Node = null;
    }

    public override string ToString() => $"Tensor {Shape} on {(storage is null ? "nothing (freed)" : Device)}";

    /// <summary>Drops the gradient, so that the next backward pass starts from nothing.</summary>
    public void ZeroGrad()
    {
        Grad?.Dispose();
        Grad = null;
    }

    /// <summary>Sets or replaces the gradient, for optimisers and tests.</summary>
    internal void SetGrad(Tensor? gradient)
    {
        if (!ReferenceEquals(Grad, gradient))
        {
            Grad?.Dispose();
        }

        Grad = gradient?.Persist();
    }

    /// <summary>Another tensor over the same storage.</summary>
    internal Tensor Share(Shape shape) => new(Storage.Retain(), shape);

    /// <summary>
    /// Attaches the backward function to a result, if recording is on and an input requires a gradient. The function
    /// gets the gradient of the result and returns one gradient per input (null where none is needed).
    /// </summary>
    internal static Tensor Record(string op, Tensor result, Tensor[] inputs, Func<Tensor, Tensor?[]> backward)
    {
        if (!NoGradScope.IsActive && Array.Exists(inputs, input => input.requiresGrad))
        {
            result.requiresGrad = true;
            result.Node = new Node(op, inputs, result, backward);
        }

        return result;
    }

    internal void RequireWritable(string op)
    {
        if (requiresGrad && !NoGradScope.IsActive)
        {
            throw new InvalidOperationException(
                $"{op}: in-place change of a tensor that requires a gradient would lose the gradient; wrap it in Tensor.NoGrad()");
        }

        Storage.Version++;
    }

    /// <summary>Throws unless all operands share a device.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Device SameDevice(string op, Tensor a, Tensor b)
    {
        var device = a.Device;
        return device == b.Device
            ? device
            : throw new ArgumentException($"{op}: operands are on different devices: {device} and {b.Device}; move one with To(device)");
    }
}

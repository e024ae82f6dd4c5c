using System.Runtime.InteropServices;

namespace Crypson.Bench.Kernels;

/// <summary>A native array of seeded random numbers in [-1, 1), 64-byte aligned.</summary>
internal sealed unsafe class Operand : IDisposable
{
    public Operand(int seed, long length)
    {
        Length = length;
        Data = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1) * sizeof(float), 64);
        var random = new Random(seed);
        for (long i = 0; i < length; i++)
        {
            Data[i] = random.NextSingle() * 2 - 1;
        }
    }

    public float* Data { get; }

    public long Length { get; }

    public void Dispose() => NativeMemory.AlignedFree(Data);
}

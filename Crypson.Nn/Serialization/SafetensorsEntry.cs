using System.Numerics;
using System.Runtime.InteropServices;

namespace Crypson.Nn;

/// <summary>One tensor of a <see cref="SafetensorsFile"/>: row-major, little-endian, converted only when asked.</summary>
public sealed class SafetensorsEntry
{
    private readonly int[] shape;
    private readonly string file;

    internal SafetensorsEntry(string name, SafetensorsType type, int[] shape, ReadOnlyMemory<byte> bytes, string file)
    {
        Name = name;
        Type = type;
        this.shape = shape;
        Bytes = bytes;
        this.file = file;
    }

    /// <summary>The tensor's name in the file.</summary>
    public string Name { get; }

    /// <summary>The type of its elements in the file.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Its dimensions (a copy); empty for a scalar.</summary>
    public int[] Shape => [.. shape];

    /// <summary>Number of elements: the product of <see cref="Shape"/>, 1 for a scalar.</summary>
    public int Count => Bytes.Length / Type.ByteSize();

    /// <summary>The elements as they stand in the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// The elements as float32: F32, F16 and BF16 exactly, F64 rounded to nearest.
    /// Throws <see cref="SafetensorsException"/> for other types and for a finite F64 beyond the range of float32.
    /// </summary>
    public float[] ToSingles() => Type switch
    {
        SafetensorsType.F32 => Elements<float>().ToArray(),
        SafetensorsType.F64 => Array.ConvertAll(Elements<double>().ToArray(), Narrow),
        SafetensorsType.F16 => Array.ConvertAll(Elements<Half>().ToArray(), value => (float)value),
        SafetensorsType.BF16 => Array.ConvertAll(Elements<ushort>().ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        _ => throw Fault($"holds {Type}, not floating-point numbers"),
    };

    /// <summary>
    /// The elements as 64-bit integers, from any integer type (BOOL gives 0 and 1).
    /// Throws <see cref="SafetensorsException"/> for floating-point types and values that do not fit.
    /// </summary>
    public long[] ToInt64s() => ToIntegers<long>();

    /// <summary>
    /// The elements as 32-bit integers, from any integer type (BOOL gives 0 and 1).
    /// Throws <see cref="SafetensorsException"/> for floating-point types and values that do not fit.
    /// </summary>
    public int[] ToInt32s() => ToIntegers<int>();

    internal SafetensorsException Fault(string fault) => new($"{file}: tensor '{Name}' {fault}");

    // The format and every machine .NET runs this on are little-endian: a cast is the conversion.
    private ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);

    private float Narrow(double value)
    {
        var single = (float)value;
        return float.IsInfinity(single) && double.IsFinite(value)
            ? throw Fault($"holds {value:R}, beyond the range of float32")
            : single;
    }

    private T[] ToIntegers<T>()
        where T : unmanaged, IBinaryInteger<T> => Type switch
        {
            SafetensorsType.I64 => Convert<long, T>(),
            SafetensorsType.I32 => Convert<int, T>(),
            SafetensorsType.I16 => Convert<short, T>(),
            SafetensorsType.I8 => Convert<sbyte, T>(),
            SafetensorsType.U64 => Convert<ulong, T>(),
            SafetensorsType.U32 => Convert<uint, T>(),
            SafetensorsType.U16 => Convert<ushort, T>(),
            SafetensorsType.U8 or SafetensorsType.BOOL => Convert<byte, T>(),
            _ => throw Fault($"holds {Type}, not integers"),
        };

    private TTo[] Convert<TFrom, TTo>()
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var from = Elements<TFrom>();
        var to = new TTo[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = TTo.CreateSaturating(from[i]);
            if (!TFrom.CreateSaturating(to[i]).Equals(from[i]))
            {
                throw Fault($"holds {from[i]}, which does not fit {typeof(TTo).Name}");
            }
        }

        return to;
    }
}

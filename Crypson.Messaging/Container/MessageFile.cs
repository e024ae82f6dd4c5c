using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Crypson.Messaging;

/// <summary>
/// One message as it is stored and sent: a header and one masked latent of 8 16-bit integers for each symbol. The layout
/// is in docs/message-format.md. The checksum at the end finds accidents; it is no protection, for anybody can
/// recompute it.
/// </summary>
public sealed class MessageFile
{
    /// <summary>The version of the format that is written, and the newest that is read.</summary>
    public const byte Version = 1;

    /// <summary>The largest number of symbols in one file: 2^24, a file of 256 MiB.</summary>
    public const int MaximumSymbols = 1 << 24;

    /// <summary>Bytes of a model hash (SHA-256).</summary>
    public const int ModelHashLength = SHA256.HashSizeInBytes;

    private const int HeaderLength = 64;
    private const int SymbolLength = LatentQuantizer.LatentLength * sizeof(short);
    private const int ShownHashBytes = 8;
    private const int FirstBlock = 1 << 16;

    private readonly byte[] modelHash;
    private readonly short[] latents;

    /// <summary>
    /// A message to be written. Throws <see cref="MessageException"/> when it is empty, has more than
    /// <see cref="MaximumSymbols"/> symbols or runs past the last time step; <see cref="ArgumentException"/> for a
    /// hash or latents of a wrong length and a step that <see cref="LatentQuantizer.IsValidStep"/> refuses.
    /// </summary>
    /// <param name="time">The time embedding that made the mask.</param>
    /// <param name="startTime">The time step of the first symbol; each further symbol takes the next.</param>
    /// <param name="modelHash">SHA-256 of the model, 32 bytes.</param>
    /// <param name="step">The quantisation step: latent = integer * step.</param>
    /// <param name="latents">The masked latents, [symbols, 8]; copied.</param>
    public MessageFile(MessageTime time, ulong startTime, ReadOnlySpan<byte> modelHash, float step, ReadOnlySpan<short> latents)
    {
        if (modelHash.Length != ModelHashLength)
        {
            throw new ArgumentException($"message: a model hash has {ModelHashLength} bytes, not {modelHash.Length}", nameof(modelHash));
        }

        if (latents.Length % LatentQuantizer.LatentLength != 0)
        {
            throw new ArgumentException($"message: {latents.Length} values are not a whole number of latents of {LatentQuantizer.LatentLength}", nameof(latents));
        }

        if (!LatentQuantizer.IsValidStep(step))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, "message: the quantisation step has to be a positive, finite, normal number");
        }

        CheckCount((ulong)(latents.Length / LatentQuantizer.LatentLength));
        CheckTime(time, startTime, latents.Length / LatentQuantizer.LatentLength);
        (Time, StartTime, Step) = (time, startTime, step);
        this.modelHash = modelHash.ToArray();
        this.latents = latents.ToArray();
    }

    /// <summary>How the content is protected.</summary>
    public MessageMode Mode => MessageMode.Paper;

    /// <summary>The time embedding that made the mask.</summary>
    public MessageTime Time { get; }

    /// <summary>The time step of the first symbol.</summary>
    public ulong StartTime { get; }

    /// <summary>The quantisation step: latent = integer * step.</summary>
    public float Step { get; }

    /// <summary>SHA-256 of the model that reads the message.</summary>
    public ReadOnlySpan<byte> ModelHash => modelHash;

    /// <summary>Number of symbols, at least 1.</summary>
    public int SymbolCount => latents.Length / LatentQuantizer.LatentLength;

    /// <summary>The masked latents, [symbols, 8], row-major.</summary>
    public ReadOnlySpan<short> Latents => latents;

    /// <summary>
    /// Reads one message to the end of the stream. Throws <see cref="MessageException"/> when it is foreign, of a newer
    /// version, cut off, followed by something else, damaged, too long or empty. Memory grows with the bytes that
    /// arrive, not with what the header promises.
    /// </summary>
    public static MessageFile Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        var read = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        CheckHeader(header[..read]);
        var count = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]);
        CheckCount(count);
        var body = ReadBody(stream, (int)count * SymbolLength);
        CheckEnd(stream, header, body);

        var step = BinaryPrimitives.ReadSingleLittleEndian(header[12..]);
        if (!LatentQuantizer.IsValidStep(step))
        {
            throw new MessageException($"the quantisation step of the message, {step}, is not a positive number");
        }

        if (header[10] != 0 || header[11] != 0)
        {
            throw new MessageException("the message has reserved bytes that are not 0");
        }

        var latents = new short[body.Length / sizeof(short)];
        for (var i = 0; i < latents.Length; i++)
        {
            latents[i] = BinaryPrimitives.ReadInt16LittleEndian(body.AsSpan(i * sizeof(short)));
        }

        return new MessageFile((MessageTime)header[9], BinaryPrimitives.ReadUInt64LittleEndian(header[16..]), header[24..56], step, latents);
    }

    /// <summary>Writes the message: 96 bytes and 16 for each symbol. The same message gives the same bytes.</summary>
    public void Write(Stream stream)
    {
        var bytes = new byte[HeaderLength + SymbolCount * SymbolLength + SHA256.HashSizeInBytes];
        Magic.CopyTo(bytes);
        bytes[7] = Version;
        bytes[8] = (byte)Mode;
        bytes[9] = (byte)Time;
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12), Step);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), StartTime);
        modelHash.CopyTo(bytes, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), (ulong)SymbolCount);
        for (var i = 0; i < latents.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(HeaderLength + i * sizeof(short)), latents[i]);
        }

        SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes), bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes));
        stream.Write(bytes);
    }

    /// <summary>Throws <see cref="MessageException"/> unless the message was made for the model of this hash (32 bytes).</summary>
    public void RequireModel(ReadOnlySpan<byte> hash)
    {
        if (!hash.SequenceEqual(modelHash))
        {
            throw new MessageException(
                $"the message was made for the model {Shorten(modelHash)}, but the loaded model is {Shorten(hash)}\n  hint: read it with the model it was written with");
        }
    }

    private static ReadOnlySpan<byte> Magic => "CRYPSON"u8;

    private static string Shorten(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash[..Math.Min(hash.Length, ShownHashBytes)]);

    private static void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty)
        {
            throw new MessageException("not a crypson message: there are no bytes at all");
        }

        if (!header[..Math.Min(header.Length, Magic.Length)].SequenceEqual(Magic[..Math.Min(header.Length, Magic.Length)]))
        {
            throw new MessageException("not a crypson message: it does not begin with CRYPSON");
        }

        if (header.Length > 7 && header[7] != Version)
        {
            throw new MessageException(header[7] > Version
                ? $"the message has format version {header[7]}; this program reads version {Version}\n  hint: update crypson"
                : $"the message has the impossible format version {header[7]}; it is damaged");
        }

        if (header.Length > 8 && header[8] != (byte)MessageMode.Paper)
        {
            throw new MessageException($"the message has the unknown mode {header[8]}; this program reads mode {(byte)MessageMode.Paper} (paper)");
        }

        if (header.Length < HeaderLength)
        {
            throw new MessageException($"the message is cut off: {header.Length} of {HeaderLength} bytes of the header are there");
        }
    }

    private static void CheckCount(ulong count)
    {
        if (count == 0)
        {
            throw new MessageException("the message is empty");
        }

        if (count > MaximumSymbols)
        {
            throw new MessageException($"the message has {count} symbols; at most {MaximumSymbols} are possible");
        }
    }

    /// <summary>Says that time steps would run past the last one; null when they do not.</summary>
    internal static string? TimeFault(ulong startTime, int count) =>
        startTime > ulong.MaxValue - (ulong)(count - 1) ? $"{count} symbols from time step {startTime} run past the last, {ulong.MaxValue}" : null;

    private static void CheckTime(MessageTime time, ulong startTime, int count)
    {
        if (time is not (MessageTime.Discrete or MessageTime.Continuous))
        {
            throw new MessageException($"the message has the unknown time embedding {(byte)time}");
        }

        if (TimeFault(startTime, count) is { } fault)
        {
            throw new MessageException(fault);
        }
    }

    // The count in the header is not to be trusted yet: the buffer at most doubles what has really arrived.
    private static byte[] ReadBody(Stream stream, int length)
    {
        var body = new byte[Math.Min(length, FirstBlock)];
        var read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(body.AsSpan(read), body.Length - read, throwOnEndOfStream: false);
            if (read < body.Length)
            {
                throw CutOff(read, length);
            }

            if (read == length)
            {
                return body;
            }

            Array.Resize(ref body, Math.Min(length, 2 * body.Length));
        }
    }

    // In bytes: which of the last ones belong to the checksum is not known when the count may be wrong.
    private static MessageException CutOff(int read, int length) =>
        new($"the message is cut off: {HeaderLength + read} of {(long)HeaderLength + length + SHA256.HashSizeInBytes} bytes are there");

    private static void CheckEnd(Stream stream, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        Span<byte> stored = stackalloc byte[SHA256.HashSizeInBytes + 1];
        var read = stream.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false);
        if (read < SHA256.HashSizeInBytes)
        {
            throw CutOff(body.Length + read, body.Length);
        }

        if (read > SHA256.HashSizeInBytes)
        {
            throw new MessageException("the message is followed by bytes that do not belong to it");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(body);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(stored[..SHA256.HashSizeInBytes]))
        {
            throw new MessageException("the message was altered or damaged: its checksum does not fit");
        }
    }
}

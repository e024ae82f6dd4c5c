using Crypson.Kernels;

namespace Crypson;

/// <summary>Builds kernels for one device, once each, from the cache on disk or from their text.</summary>
/// <param name="language">As messages call it.</param>
/// <param name="text">A kernel's text in this language.</param>
/// <param name="options">What the driver's compiler is given.</param>
/// <param name="identity">The device and its driver: what a binary is good for.</param>
internal abstract class DevicePrograms(string language, Func<KernelProgram, string?> text, string options, string identity)
{
    private readonly Dictionary<KernelProgram, (nint Kernel, int LargestGroup)> kernels = [];

    /// <summary>Kernels that came from the cache on disk.</summary>
    public int FromCache { get; private set; }

    protected string Options => options;

    /// <summary>A kernel, and the most work-items that a group of it can have.</summary>
    public (nint Kernel, int LargestGroup) Get(KernelProgram program, string deviceName)
    {
        if (!kernels.TryGetValue(program, out var known))
        {
            var kernel = Build(program, deviceName);
            kernels[program] = known = (kernel, LargestGroup(kernel));
        }

        return known;
    }

    /// <summary>The program of a binary; 0 if the driver does not want it (after an update that kept its version), which is no error.</summary>
    protected abstract nint FromBinary(byte[] binary);

    /// <summary>The program of a text, and its binary if the driver gives it.</summary>
    /// <exception cref="DriverException">The text does not build.</exception>
    protected abstract (nint Built, byte[]? Binary) FromText(KernelProgram program, string text, string deviceName);

    protected abstract nint Kernel(nint built, string name);

    protected abstract int LargestGroup(nint kernel);

    private nint Build(KernelProgram program, string deviceName)
    {
        var source = text(program) ?? throw new NotSupportedException($"{program}: this kernel is not made for {language}; {deviceName} cannot run it");
        var key = ProgramCache.Key(language.ToLowerInvariant(), source, options, identity);
        var built = ProgramCache.Load(key) is { } cached ? FromBinary(cached) : 0;
        if (built != 0)
        {
            FromCache++;
        }
        else
        {
            (built, var binary) = FromText(program, source, deviceName);
            if (binary is not null)
            {
                ProgramCache.Store(key, binary);
            }
        }

        return Kernel(built, program.Name);
    }
}

using System.Runtime.InteropServices;

namespace Crypson;

/// <summary>A native library that may be absent, and its functions by name.</summary>
internal sealed class NativeFunctions
{
    private readonly nint library;

    private NativeFunctions(nint library, string path)
    {
        this.library = library;
        Path = path;
    }

    /// <summary>The name under which the library was found.</summary>
    public string Path { get; }

    /// <summary>The first of the libraries that loads, or null.</summary>
    public static NativeFunctions? Load(params IEnumerable<string> candidates) => LoadEach(candidates).FirstOrDefault();

    /// <summary>Those of the libraries that load; each is loaded when its turn comes.</summary>
    public static IEnumerable<NativeFunctions> LoadEach(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
            {
                yield return new NativeFunctions(library, candidate);
            }
        }
    }

    /// <summary>The first of these functions that the library lacks, or null when it has them all.</summary>
    public string? FirstMissing(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryGetExport(library, name, out _))
            {
                return name;
            }
        }

        return null;
    }

    public nint Find(string name) => NativeLibrary.GetExport(library, name);
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Crypson.Cpu;

/// <summary>The processor's own account of itself.</summary>
internal static class Processor
{
    private const int NameLeaf = unchecked((int)0x80000002);

    /// <summary>Such as AuthenticAMD; empty where the instruction to ask with is missing.</summary>
    public static string Vendor { get; } = X86Base.IsSupported ? ReadVendor() : "";

    /// <summary>Such as AMD EPYC 7763; elsewhere the architecture.</summary>
    public static string Model { get; } = X86Base.IsSupported && ReadModel() is { Length: > 0 } model
        ? model : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string ReadVendor()
    {
        var (_, ebx, ecx, edx) = X86Base.CpuId(0, 0);
        return Text(ebx, edx, ecx);
    }

    // Three leaves of 16 characters.
    private static string ReadModel()
    {
        if (unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) < unchecked((uint)(NameLeaf + 2)))
        {
            return "";
        }

        var words = new List<int>();
        for (var leaf = NameLeaf; leaf < NameLeaf + 3; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(leaf, 0);
            words.AddRange([eax, ebx, ecx, edx]);
        }

        return Text([.. words]);
    }

    private static string Text(params ReadOnlySpan<int> words) => Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0').Trim();
}

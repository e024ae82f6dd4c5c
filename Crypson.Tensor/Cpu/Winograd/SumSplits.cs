using Crypson.Cpu.Products;

namespace Crypson.Cpu.Winograd;

/// <summary>The second launch of a sum over tiles that several jobs shared.</summary>
internal readonly struct SumSplits<TMicro>(WinogradKernel<TMicro> kernel) : IKernel
    where TMicro : struct, IMicroKernel
{
    public int Groups => kernel.SumGroups;

    public void Execute(int group) => kernel.SumTile(group);
}

using Crypson.Kernels;

namespace Crypson;

/// <summary>Chooses and launches the kernels of a sum. The order of its additions depends on the kind of device and the shape alone.</summary>
internal static class DeviceSum
{
    /// <summary>y [outer, inner] = the sum of x [outer, length, inner] along the middle axis. Few long sums are cut into parts, whose sums are summed again.</summary>
    /// <param name="variant">The way to do it; the device's own unless given.</param>
    public static void Run(Tensor x, Tensor y, int length, int inner, SumVariant? variant = null)
    {
        var (device, chosen) = (x.Device, variant ?? Choose(x.Device, length, inner));
        var cut = chosen switch
        {
            SumVariant.Naive => AxisCut.Whole(length, inner),
            SumVariant.Groups => AxisCut.OfGroups(y.Count, length),
            _ => AxisCut.Of(device, y.Count, length, inner),
        };
        var target = cut.Parts == 1 ? y : Tensor.Empty([y.Count * cut.Parts], device);
        switch (chosen)
        {
            case SumVariant.Groups:
                ReductionKernels.LaunchSumGroup(device, new KernelConfig(target.Count, GroupTree.Size), cut, x.View, target.View);
                break;
            case SumVariant.Runs:
                ReductionKernels.LaunchSumRun(device, target.Count, cut, x.View, target.View);
                break;
            case SumVariant.Columns:
                ReductionKernels.LaunchSumColumns(device, target.Count / Pieces.Lanes, cut, x.View, target.View);
                break;
            default:
                ReductionKernels.LaunchSumPart(device, target.Count, cut, x.View, target.View);
                break;
        }

        if (target != y)
        {
            Run(target, y, cut.Parts, inner);
            target.Dispose();
        }
    }

    private static SumVariant Choose(Device device, int length, int inner) => (Pieces.AreLong(device), inner) switch
    {
        (true, 1) when length >= Pieces.Lanes => SumVariant.Runs,
        (true, _) when inner % Pieces.Lanes == 0 => SumVariant.Columns,
        (false, 1) when length >= GroupTree.Size / 4 => SumVariant.Groups,
        _ => SumVariant.Parts,
    };
}

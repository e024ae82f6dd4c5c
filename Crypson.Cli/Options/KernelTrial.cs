namespace Crypson.Cli;

/// <summary>Whether a device can build a kernel, run it, and give the right result back.</summary>
internal static class KernelTrial
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Fault(Device device)
    {
        try
        {
            using var noGrad = Tensor.NoGrad();
            using var scope = new TensorScope();
            var ones = Tensor.Ones([5], device);
            var sum = (ones + ones).ToArray();
            return sum.All(value => value == 2) ? null : $"1 + 1 came out as {string.Join(", ", sum)}";
        }
        catch (Exception e) when (e is DriverException or NotSupportedException or OutOfMemoryException)
        {
            return e.Message;
        }
    }
}

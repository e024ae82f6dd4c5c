namespace Crypson;

/// <summary>What a device is, as its driver tells it.</summary>
/// <param name="Kind">A processor, a graphics processor or something else.</param>
/// <param name="Vendor">Its maker; empty if unknown.</param>
/// <param name="Model">Its name.</param>
/// <param name="Software">What runs kernels on it, with versions: instruction set, OpenCL and driver, or CUDA driver and NVRTC.</param>
/// <param name="ComputeUnits">Cores, compute units or multiprocessors.</param>
/// <param name="MemoryBytes">Its memory.</param>
public sealed record DeviceInfo(DeviceKind Kind, string Vendor, string Model, string Software, int ComputeUnits, long MemoryBytes);

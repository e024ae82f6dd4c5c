namespace Crypson;

/// <summary>What sort of processor a device is.</summary>
public enum DeviceKind
{
    /// <summary>A processor, be it through OpenCL.</summary>
    Cpu,

    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>Anything else that OpenCL offers.</summary>
    Accelerator,
}

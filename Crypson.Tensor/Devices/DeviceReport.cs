namespace Crypson;

/// <summary>A device that is there, or a driver that is not and why.</summary>
/// <param name="Name">The device's name, such as <c>opencl:0</c>, or the driver's, such as <c>cuda</c>.</param>
/// <param name="Device">The device, or null when the driver offers none.</param>
/// <param name="Reason">Why there is none; empty when there is one.</param>
public readonly record struct DeviceReport(string Name, Device? Device, string Reason)
{
    public override string ToString() => Device is null ? $"{Name}: not available: {Reason}" : $"{Name}: {Device.Description}";
}

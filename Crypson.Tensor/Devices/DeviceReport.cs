namespace Crypson;

/// <summary>A device that a driver found, opened when first asked for; or a driver that has none, and why.</summary>
public sealed class DeviceReport
{
    private readonly Lazy<(Device? Device, string Reason)> opened;

    internal DeviceReport(string name, Func<Device> open) => (Name, opened) = (name, new(() => Open(open)));

    internal DeviceReport(string name, string reason) => (Name, opened) = (name, new((null, reason)));

    /// <summary>The device's name, such as <c>opencl:0</c>, or the driver's, such as <c>cuda</c>.</summary>
    public string Name { get; }

    /// <summary>The device, or null when the driver offers none or it does not open.</summary>
    public Device? Device => opened.Value.Device;

    /// <summary>Why there is none; empty when there is one.</summary>
    public string Reason => opened.Value.Reason;

    public override string ToString() => Device is null ? $"{Name}: not available: {Reason}" : $"{Name}: {Device.Description}";

    private static (Device? Device, string Reason) Open(Func<Device> open)
    {
        try
        {
            return (open(), "");
        }
        catch (Exception e) when (e is DriverException or OutOfMemoryException)
        {
            return (null, e.Message);
        }
    }
}

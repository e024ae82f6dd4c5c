using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Crypson;

/// <summary>Finds the accelerators of ILGPU.</summary>
public static class IlgpuDriver
{
    // ILGPU's own CPU accelerators allow groups of 16 or start a thread for each of 1,024 work-items; our groups have up to 256.
    private static readonly CPUDevice Cpu = new(numThreadsPerWarp: 32, numWarpsPerMultiprocessor: 8, numMultiprocessors: 1);

    /// <summary>Adds the devices <c>ilgpu:0</c>, <c>ilgpu:1</c>, … to <see cref="DeviceList"/>: GPUs first, the CPU accelerator last.</summary>
    public static void Register() => DeviceList.Add("ilgpu", Find);

    private static IEnumerable<DeviceReport> Find()
    {
        IlgpuFunctions.Register();
        var context = Context.Create(builder => Libraries(builder).Cuda().OpenCL().CPU(Cpu));
        var index = 0;
        foreach (var device in context.Devices.OrderBy(device => device.AcceleratorType == AcceleratorType.CPU))
        {
            var name = $"ilgpu:{index++}";
            yield return new DeviceReport(name, () => Open(context, device, name));
        }
    }

    // Exp, Log, Pow and the like come from CUDA's libdevice; without it, kernels that use them do not build for CUDA.
    private static Context.Builder Libraries(Context.Builder builder)
    {
        try
        {
            return builder.LibDevice();
        }
        catch (Exception e) when (e is NotSupportedException or IOException)
        {
            return builder;
        }
    }

    private static IlgpuDevice Open(Context context, ILGPU.Runtime.Device device, string name)
    {
        try
        {
            return new IlgpuDevice(device.CreateAccelerator(context), name);
        }
        catch (Exception e) when (e is AcceleratorException or NotSupportedException or DllNotFoundException)
        {
            throw new DriverException($"{name}: {e.Message}");
        }
    }
}

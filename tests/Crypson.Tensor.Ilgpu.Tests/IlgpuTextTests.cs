extern alias adapter;

using System.Reflection;
using adapter::Crypson.Kernels;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Crypson.Tests;

public sealed class IlgpuTextTests
{
    private static readonly MethodInfo[] All = [.. typeof(adapter::Crypson.IlgpuDevice).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(method => method.IsDefined(typeof(Crypson.Kernels.KernelAttribute))).SelectMany(Instances)];

    private static IEnumerable<MethodInfo> Instances(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [method];
        }

        var contract = method.GetGenericArguments()[0].GetGenericParameterConstraints().Single(type => type.IsInterface);
        return contract.Assembly.GetTypes().Where(type => type.IsValueType && type.IsAssignableTo(contract)).Select(type => method.MakeGenericMethod(type));
    }

    [Fact]
    public void Dump()
    {
        adapter::Crypson.IlgpuDriver.Register();
        _ = DeviceList.All.Count();
        using var context = Context.Create(builder => { });
        var cl = new CLBackend(context, new CLCapabilityContext(true, true, true, true, true), CLDeviceVendor.AMD, CLCVersion.CL20);
        var ptx = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null!);
        Directory.CreateDirectory("/tmp/ilgpu/text");
        foreach (var method in All)
        {
            var name = method.Name + string.Join("", method.GetGenericArguments().Select(t => "_" + t.Name));
            foreach (var backend in (Backend[])[cl, ptx])
            {
                try
                {
                    var entry = NumbersOnly.Entry(method);
                    var isIndexed = method.GetParameters()[0].ParameterType.Name.StartsWith("Index", StringComparison.Ordinal);
                    var kernel = backend.Compile(isIndexed ? EntryPointDescription.FromImplicitlyGroupedKernel(entry) : EntryPointDescription.FromExplicitlyGroupedKernel(entry), KernelSpecialization.Empty);
                    File.WriteAllText($"/tmp/ilgpu/text/{name}.{(kernel is CLCompiledKernel ? "cl" : "ptx")}", kernel is CLCompiledKernel c ? c.Source : ((PTXCompiledKernel)kernel).PTXAssembly);
                }
                catch (Exception e)
                {
                    Console.WriteLine($"FAIL {name} {backend.GetType().Name} {e.GetBaseException().Message}");
                }
            }
        }
    }
}

extern alias adapter;

using System.Diagnostics;
using System.Reflection;
using adapter::Crypson.Kernels;
using Crypson.Kernels;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDevice = adapter::Crypson.IlgpuDevice;
using IlgpuFunctions = adapter::Crypson.IlgpuFunctions;

namespace Crypson.Tests;

/// <summary>ILGPU makes OpenCL C and PTX of each kernel; no device is needed for that.</summary>
public sealed class IlgpuTextTests
{
    private static readonly SortedDictionary<string, MethodInfo> All = new(typeof(IlgpuDevice).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(method => method.IsDefined(typeof(KernelAttribute))).SelectMany(Instances).ToDictionary(Name));

    private static readonly string? Clang = new[] { "clang-15", "clang", "clang-16", "clang-17", "clang-18", "clang-19" }
        .FirstOrDefault(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))));

    static IlgpuTextTests() => IlgpuFunctions.Register();

    public static IEnumerable<TheoryDataRow<string>> Kernels => All.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Kernels))]
    public void OpenCl(string name)
    {
        using var context = Context.Create(_ => { });
        using var backend = new CLBackend(
            context, new CLCapabilityContext(float16: false, float64: true, genericAddressSpace: true, int64_Atomics: false, subGroups: false), CLDeviceVendor.Other, CLCVersion.CL20);
        var text = ((CLCompiledKernel)Compile(backend, All[name])).Source;
        Assert.Contains("kernel void", text);
        Assert.SkipWhen(Clang is null, "ILGPU makes the text, but there is no clang to read it");
        Assert.Equal("", Errors(text));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Ptx(string name)
    {
        using var context = Context.Create(_ => { });
        using var backend = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null!);
        try
        {
            Assert.Contains(".entry", ((PTXCompiledKernel)Compile(backend, All[name])).PTXAssembly);
        }
        catch (InternalCompilerException e) when (e.GetBaseException() is NotSupportedIntrinsicException missing
            && new[] { "'ExpF'", "'LogF'", "'PowF'" }.Any(missing.Message.Contains))
        {
            Assert.Skip("exp, log and pow come from CUDA's libdevice");
        }
    }

    [Fact]
    public void Clang_refuses_what_is_wrong()
    {
        Assert.SkipWhen(Clang is null, "there is no clang");
        Assert.NotEqual("", Errors("kernel void K(global float* x) { x[0] = missing; }"));
    }

    private static CompiledKernel Compile(Backend backend, MethodInfo method)
    {
        var entry = NumbersOnly.Entry(method);
        return backend.Compile(
            method.GetParameters()[0].ParameterType.IsAssignableTo(typeof(IIndex))
                ? EntryPointDescription.FromImplicitlyGroupedKernel(entry)
                : EntryPointDescription.FromExplicitlyGroupedKernel(entry),
            KernelSpecialization.Empty);
    }

    // A generic kernel is built for each struct that implements the constraint's interface, as by the generator.
    private static IEnumerable<MethodInfo> Instances(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [method];
        }

        var contract = method.GetGenericArguments()[0].GetGenericParameterConstraints().Single(type => type.IsInterface);
        return contract.Assembly.GetTypes().Where(type => type.IsValueType && type.IsAssignableTo(contract)).Select(type => method.MakeGenericMethod(type));
    }

    private static string Name(MethodInfo method) => string.Join('_', method.GetGenericArguments().Select(type => type.Name).Prepend(method.Name));

    private static string Errors(string text)
    {
        var start = new ProcessStartInfo(
            Clang!, ["-x", "cl", "-cl-std=CL2.0", "-Xclang", "-finclude-default-header", "-target", "spir64", "-fsyntax-only", "-Wno-everything", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : errors.Result + $"clang ended with {process.ExitCode}";
    }
}

using System.Diagnostics;

namespace Crypson.Tests;

/// <summary>The CUDA C of each kernel goes through clang and becomes PTX: no GPU is needed for that.</summary>
public sealed class CudaTextTests
{
    // What NVRTC brings along, as far as kernels use it.
    private const string Prelude = """
        #define __global__ __attribute__((global))
        #define __device__ __attribute__((device))
        #define __host__ __attribute__((host))
        #define __shared__ __attribute__((shared))
        #define __forceinline__ __inline__ __attribute__((always_inline))
        #define __align__(n) __attribute__((aligned(n)))
        struct Index { unsigned int x, y, z; };
        struct __align__(16) float4 { float x, y, z, w; };
        extern const __device__ Index threadIdx, blockIdx, blockDim, gridDim;
        extern "C" {
        __device__ void __syncthreads(); __device__ void __threadfence(); __device__ void __threadfence_block();
        __device__ float sqrtf(float); __device__ float expf(float); __device__ float logf(float); __device__ float log2f(float); __device__ float log10f(float);
        __device__ float powf(float, float); __device__ float sinf(float); __device__ float cosf(float); __device__ float tanf(float); __device__ float asinf(float);
        __device__ float acosf(float); __device__ float atanf(float); __device__ float atan2f(float, float); __device__ float sinhf(float); __device__ float coshf(float);
        __device__ float tanhf(float); __device__ float floorf(float); __device__ float ceilf(float); __device__ float truncf(float); __device__ float rintf(float);
        __device__ float cbrtf(float); __device__ float fmaf(float, float, float); __device__ float copysignf(float, float); __device__ float fabsf(float);
        __device__ float fmodf(float, float); __device__ double sqrt(double); __device__ double fabs(double); __device__ double floor(double);
        __device__ int __float_as_int(float); __device__ unsigned int __float_as_uint(float); __device__ float __int_as_float(int); __device__ float __uint_as_float(unsigned int);
        __device__ long long __double_as_longlong(double); __device__ double __longlong_as_double(long long);
        __device__ int __popc(unsigned int); __device__ int __clz(int); __device__ int __popcll(unsigned long long); __device__ int __clzll(long long);
        }
        __device__ int atomicAdd(int*, int); __device__ unsigned int atomicAdd(unsigned int*, unsigned int); __device__ float atomicAdd(float*, float);
        __device__ unsigned int atomicMax(unsigned int*, unsigned int); __device__ unsigned int atomicMin(unsigned int*, unsigned int);
        __device__ float __shfl_xor_sync(unsigned int, float, int); __device__ float __shfl_down_sync(unsigned int, float, int); __device__ float __shfl_up_sync(unsigned int, float, int); __device__ int __shfl_sync(unsigned int, int, int);

        """;

    private static readonly string? Clang = new[] { "clang-15", "clang", "clang-16", "clang-17", "clang-18", "clang-19" }
        .FirstOrDefault(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))));

    public static IEnumerable<TheoryDataRow<string>> Kernels => Programs.All.Where(pair => pair.Value.Cuda is not null)
        .Select(pair => new TheoryDataRow<string>(pair.Key) { Skip = Clang is null ? "there is no clang" : null });

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Clang_accepts(string kernel)
    {
        var program = Programs.All[kernel];
        var (code, output) = Compile(program.Cuda!);
        Assert.True(code == 0, output);
        Assert.Contains($".entry {program.Name}", output);

        // An array whose places are not all known when it is compiled lies in memory: a GPU is far slower there than with registers.
        Assert.True(!kernel.StartsWith("Crypson.Tensor:", StringComparison.Ordinal) || !output.Contains("__local_depot"), "an array of the kernel lies in local memory");
    }

    /// <summary>The tiles and the sums of the products are among the kernels that the test above looks at.</summary>
    [Fact]
    public void Arrays_that_lie_in_local_memory_are_noticed()
    {
        Assert.SkipWhen(Clang is null, "there is no clang");
        Assert.Contains("Crypson.Tensor: MultiplyTiles", Kernels.Select(row => row.Data));
        Assert.Contains("__local_depot", Compile("extern \"C\" __global__ void K(int* x) { int own[16]; for (int i = 0; i < 16; i++) { own[i] = x[i]; } x[0] = own[x[0]]; }").Output);
    }

    [Fact]
    public void Clang_refuses_what_is_wrong()
    {
        Assert.SkipWhen(Clang is null, "there is no clang");
        Assert.NotEqual(0, Compile("extern \"C\" __global__ void K(float* x) { x[0] = missing; }").Code);
    }

    private static (int Code, string Output) Compile(string text)
    {
        var start = new ProcessStartInfo(Clang!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-x", "cuda", "--cuda-device-only", "-nocudainc", "-nocudalib", "--cuda-gpu-arch=sm_80", "-std=c++17", "-Werror", "-Wno-unknown-cuda-version", "-O3", "-S", "-o", "-", "-"])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(Prelude + text);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result + errors.Result);
    }
}

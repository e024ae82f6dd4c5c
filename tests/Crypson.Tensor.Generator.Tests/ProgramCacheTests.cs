using System.Runtime.CompilerServices;
using Crypson.Tests.Kernels;

namespace Crypson.Tests;

/// <summary>The cache of binaries on disk; alone, because the folder is the process's. Tests of memory join it.</summary>
[CollectionDefinition(nameof(ProgramCacheTests), DisableParallelization = true)]
[Collection(nameof(ProgramCacheTests))]
public sealed class ProgramCacheTests
{
    /// <summary>The other tests compile what they run and leave nothing in the user's folder.</summary>
    [ModuleInitializer]
    internal static void SwitchOff() => Environment.SetEnvironmentVariable("CRYPSON_CACHE", "");

    [Fact]
    public void Binaries_are_kept_on_disk_and_a_damaged_one_is_made_again()
    {
        var report = OpenClDriver.Find().First();
        Assert.SkipWhen(report.Device is null, report.Reason);
        using var cache = new CacheFolder();
        Assert.Equal(0, Use((OpenClDevice)report.Device!));
        var file = Assert.Single(Directory.GetFiles(cache.Path));

        // Another device, driver or option has another binary.
        var (options, identity) = (((OpenClDevice)report.Device!).Options, ((OpenClDevice)report.Device!).Identity);
        Assert.StartsWith("-cl-std=CL1.2", options);
        Assert.Contains(report.Device!.Info.Model, identity);
        Assert.Contains(report.Device!.Info.Software.Split(", driver ")[1], identity);
        Assert.Equal(ProgramCache.Key("opencl", Programs.Own["Scale"].OpenCl!, options, identity), Path.GetFileName(file));
        Assert.Equal(1, Use(Another()));

        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal(0, Use(Another()));
        Assert.Equal(1, Use(Another()));

        File.WriteAllBytes(file, []);
        Assert.Equal(0, Use(Another()));

        static OpenClDevice Another() => (OpenClDevice)OpenClDriver.Find().First().Device!;

        static int Use(OpenClDevice device)
        {
            using var x = device.Allocate<float>([3f]);
            BasicKernels.LaunchScale(device, 1, x, x, 2f);
            Assert.Equal([6f], x.ToArray());
            return device.KernelsFromCache;
        }
    }

    [Fact]
    public void A_binary_is_taken_for_its_own_language_text_options_and_device()
    {
        using var cache = new CacheFolder();
        Assert.Equal("text", Build("OpenCL", "k", "-a", "device"));
        Assert.Equal("cache", Build("OpenCL", "k", "-a", "device"));
        Assert.Equal("text", Build("OpenCL", "k", "-b", "device"));
        Assert.Equal("text", Build("OpenCL", "k", "-a", "other"));
        Assert.Equal("text", Build("OpenCL", "k", "-", "adevice"));
        Assert.Equal("text", Build("OpenCL", "l", "-a", "device"));
        Assert.Equal("text", Build("CUDA", "k", "-a", "device"));
        Assert.Equal("cache", Build("OpenCL", "k", "-b", "device"));

        static string Build(string language, string text, string options, string identity) => new Recorder(language, text, options, identity, accepts: true).Build();
    }

    [Fact]
    public void A_binary_that_the_driver_refuses_is_made_again()
    {
        using var cache = new CacheFolder();
        Assert.Equal("text", new Recorder("CUDA", "k", "-a", "device", accepts: true).Build());
        Assert.Equal("text", new Recorder("CUDA", "k", "-a", "device", accepts: false).Build());
        Assert.Equal("cache", new Recorder("CUDA", "k", "-a", "device", accepts: true).Build());
    }

    /// <summary>Programs without a driver.</summary>
    private sealed class Recorder(string language, string text, string options, string identity, bool accepts)
        : DevicePrograms(language, _ => text, options, identity)
    {
        private const int Cached = 1;
        private const int Compiled = 2;

        /// <summary>Where a kernel came from.</summary>
        public string Build()
        {
            var program = new KernelProgram("K", "K.cs:1", null, null, KernelFeatures.None);
            var known = Get(program, "device");
            Assert.Equal(known, Get(program, "device"));
            Assert.Equal(known.Kernel == Cached ? 1 : 0, FromCache);
            return known.Kernel == Cached ? "cache" : "text";
        }

        protected override nint FromBinary(byte[] binary)
        {
            Assert.Equal([1, 2, 3], binary);
            return accepts ? Cached : 0;
        }

        protected override (nint Built, byte[]? Binary) FromText(KernelProgram program, string text, string deviceName) => (Compiled, [1, 2, 3]);

        protected override nint Kernel(nint built, string name) => built;

        protected override int LargestGroup(nint kernel) => 256;
    }

    /// <summary>An empty folder that the cache uses meanwhile.</summary>
    private sealed class CacheFolder : IDisposable
    {
        private readonly string? before = Environment.GetEnvironmentVariable("CRYPSON_CACHE");

        public CacheFolder() => Environment.SetEnvironmentVariable("CRYPSON_CACHE", Path);

        public string Path { get; } = Directory.CreateTempSubdirectory("crypson-cache-").FullName;

        public void Dispose()
        {
            Environment.SetEnvironmentVariable("CRYPSON_CACHE", before);
            Directory.Delete(Path, recursive: true);
        }
    }
}

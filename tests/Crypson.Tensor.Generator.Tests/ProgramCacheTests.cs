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
        var folder = Directory.CreateTempSubdirectory("crypson-cache-").FullName;
        var before = Environment.GetEnvironmentVariable("CRYPSON_CACHE");
        Environment.SetEnvironmentVariable("CRYPSON_CACHE", folder);
        try
        {
            Assert.Equal(0, Use((OpenClDevice)report.Device!));
            var file = Assert.Single(Directory.GetFiles(folder));

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
        }
        finally
        {
            Environment.SetEnvironmentVariable("CRYPSON_CACHE", before);
            Directory.Delete(folder, recursive: true);
        }

        static OpenClDevice Another() => (OpenClDevice)OpenClDriver.Find().First().Device!;

        static int Use(OpenClDevice device)
        {
            using var x = device.Allocate<float>([3f]);
            BasicKernels.LaunchScale(device, 1, x, x, 2f);
            Assert.Equal([6f], x.ToArray());
            return device.KernelsFromCache;
        }
    }
}

using Crypson.Nn;

namespace Crypson.Models.Tests.Training;

/// <summary>
/// Twenty steps of each model at its real width, on each device beside the CPU. A wide cGAN amplifies rounding: left alone, its
/// losses are apart by 1e-4 after a few steps, as those of the CPU with and without AVX2 are; so each of its steps starts from
/// the CPU's state. The narrow ones of <see cref="DeviceTrainingTests"/> run freely.
/// </summary>
public sealed class FullWidthTrainingTests
{
    private const int Steps = 20;

    // Small, because 20 steps are run twice on what may be two cores.
    private const int Batch = 16;

    private static readonly CrypsonConfig Config = new()
    {
        Cgan = new() { BatchSize = Batch },
        Vae = new() { BatchSize = Batch },
        Classifier = new() { BatchSize = Batch },
    };

    public static IEnumerable<TheoryDataRow<string, string>> Tasks() => TestDevices.With(SmallTasks.Names, TestDevices.Others);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Twenty_steps_lose_what_they_lose_on_the_cpu(string task, string device)
    {
        var (here, there) = (SmallTasks.Create(task, Device.Cpu, Config), SmallTasks.Create(task, DeviceForms.Get(device), Config));
        for (var step = 0; step < Steps; step++)
        {
            if (task == "cgan")
            {
                there.Load(new StateReader(SmallTasks.Saved(here)));
            }

            var (epoch, first) = (step / here.StepsPerEpoch, step % here.StepsPerEpoch);
            var (wanted, got) = (here.Train(epoch, first).First(), there.Train(epoch, first).First());

            // The divergence is a small part of the VAE's loss, and a sum of terms that cancel: alone, PoCL's is off by up to 1e-2.
            var scale = task == "vae" ? Math.Abs(wanted["loss"]) : 0;
            foreach (var (name, want) in wanted)
            {
                var magnitude = Math.Max(scale, Math.Abs(want));
                Assert.True(Math.Abs(want - got[name]) <= 1e-4 * magnitude, $"{name} of step {step}: {got[name]:R} instead of {want:R}");
            }
        }

        // As many numbers were drawn.
        Assert.Equal(SmallTasks.Saved(here).Metadata, SmallTasks.Saved(there).Metadata);
    }
}

using Crypson.Nn;

namespace Crypson.Models.Tests.Training;

/// <summary>Each model learns on each device as on the CPU: from the same weights, with the same draws, to the same losses.</summary>
public sealed class DeviceTrainingTests
{
    private const int Steps = 20;

    public static IEnumerable<TheoryDataRow<string>> Devices() => DeviceForms.Others;

    public static IEnumerable<TheoryDataRow<string, string>> Tasks() => TestDevices.With(SmallTasks.Names, DeviceForms.Others);

    // The networks are narrow because wide ones amplify rounding: at the real widths and batch 32, the CPU's own VAE, started
    // with every other weight one unit in the last place higher, is off by 7e-3 in its divergence within 20 steps (4e-3 with
    // another seed), as PoCL is from the CPU (7e-3, 2e-3). At these widths both stay below 1e-6 with each of six seeds; with
    // batches of 16, PoCL reaches 1.3e-4 with one of them.
    [Theory]
    [MemberData(nameof(Tasks))]
    public void Twenty_steps_lose_what_they_lose_on_the_cpu(string task, string device)
    {
        var (here, there) = (SmallTasks.Create(task, Device.Cpu), SmallTasks.Create(task, DeviceForms.Get(device)));
        foreach (var (want, got) in State(here).Zip(State(there)))
        {
            Assert.Same(DeviceForms.Get(device), got.Value.Device);
            Assert.True(want.Value.ToArray().AsSpan().SequenceEqual(got.Value.ToArray()), $"{got.Name} does not start with the CPU's values");
        }

        var wanted = Losses(here);
        var before = DeviceForms.Get(device).Launches;
        var losses = Losses(there);
        Assert.True(DeviceForms.Get(device).Launches - before > 10 * Steps, $"{device} ran {DeviceForms.Get(device).Launches - before} kernels in {Steps} steps");
        Assert.Equal(Steps, losses.Count);
        for (var step = 0; step < Steps; step++)
        {
            foreach (var (name, want) in wanted[step])
            {
                Assert.True(Math.Abs(want - losses[step][name]) <= 1e-4 * Math.Abs(want), $"{name} of step {step}: {losses[step][name]:R} instead of {want:R}");
            }
        }

        // As many numbers were drawn, and validation and pictures work there too. A bias before a batch norm has a gradient of
        // nothing but rounding, of which Adam makes steps: the batch's mean takes them out, the running one follows slowly.
        Assert.Equal(SmallTasks.Saved(here).Metadata, SmallTasks.Saved(there).Metadata);
        var validated = there.Validate();
        foreach (var (name, want) in here.Validate())
        {
            Assert.Equal(want, validated[name], 1e-2 * Math.Abs(want));
        }

        there.DrawSamples();
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_checkpoint_of_a_device_goes_on_on_another(string task, string device)
    {
        var (there, here) = (SmallTasks.Create(task, DeviceForms.Get(device)), SmallTasks.Create(task, Device.Cpu));
        _ = there.Train(0, 0).Take(3).ToList();
        var saved = SmallTasks.Saved(there);
        here.Load(new StateReader(saved));
        var again = SmallTasks.Saved(here);
        Assert.Equal(saved.Metadata, again.Metadata);
        Assert.Equal(saved.Names, again.Names);
        Assert.All(saved.Names, name => Assert.True(saved[name].ToSingles().AsSpan().SequenceEqual(again[name].ToSingles()), name));
        var (want, got) = (there.Train(0, 3).First(), here.Train(0, 3).First());
        Assert.All(want, value => Assert.Equal(value.Value, got[value.Key], 1e-4 * Math.Abs(value.Value)));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Batches_and_noise_are_the_same_on_every_device(string device)
    {
        var (place, chosen) = (DeviceForms.Get(device), new[] { 5, 180, 0, 33 });
        using var here = LabelledBatch.From(SmallTasks.Images, chosen, PixelRange.ZeroToOne, Device.Cpu);
        using var there = LabelledBatch.From(SmallTasks.Images, chosen, PixelRange.ZeroToOne, place);
        Assert.Equal(here.Inputs.ToArray(), there.Inputs.ToArray());
        Assert.Equal(here.Labels.ToArray(), there.Labels.ToArray());
        Assert.Equal(Tensor.Normal([128, 64], new Philox(3, 11)).ToArray(), Tensor.Normal([128, 64], new Philox(3, 11), device: place).ToArray());
        var (mask, other) = (Tensor.Ones([128, 64]).Dropout(0.2f, new Philox(3, 4)), Tensor.Ones([128, 64], place).Dropout(0.2f, new Philox(3, 4)));
        Assert.Equal(mask.ToArray(), other.ToArray());
    }

    private static IEnumerable<(string Name, Tensor Value)> State(TrainingTask task) => task.Networks.SelectMany(network => network.Module.State());

    private static List<MetricValues> Losses(TrainingTask task) => [.. SmallTasks.Steps(task).Take(Steps)];
}

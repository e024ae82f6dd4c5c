using Crypson.Nn;

namespace Crypson.Models.Tests.Training;

/// <summary>Each model learns on each device as on the CPU: from the same weights, with the same draws, to the same losses.</summary>
public sealed class DeviceTrainingTests
{
    private const int Steps = 20;

    private static readonly CrypsonConfig Config = new()
    {
        Cgan = new() { BatchSize = 16, NoiseLength = 8, Channels = [16, 8, 8], Hidden = [32, 16] },
        Vae = new() { BatchSize = 16, Hidden = [4, 8, 8, 16] },
        Classifier = new() { BatchSize = 16, Wide = 32, FrozenStatistics = false },
    };

    // 188 images, 179 of them for training: 11 steps of 16 an epoch, so that 20 steps see two shuffles.
    private static readonly ImageDataset Images = SynthesizedDataset.Train(ClassMapping.Balanced, 5, 4);

    public static IEnumerable<TheoryDataRow<string>> Devices() => DeviceList.Reports.Where(report => report.Name != "cpu").Select(report =>
        new TheoryDataRow<string>(report.Name) { Skip = report.Device is null ? $"{report.Name} is not available: {report.Reason}" : null });

    public static IEnumerable<TheoryDataRow<string, string>> Tasks() => Devices().SelectMany(device =>
        new[] { "cgan", "vae", "classifier" }.Select(task => new TheoryDataRow<string, string>(task, device.Data) { Skip = device.Skip }));

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Twenty_steps_lose_what_they_lose_on_the_cpu(string task, string device)
    {
        var (here, there) = (Create(task, Device.Cpu), Create(task, DeviceList.Get(device)));
        foreach (var (want, got) in State(here).Zip(State(there)))
        {
            Assert.Equal(device, got.Value.Device.Name);
            Assert.True(want.Value.ToArray().AsSpan().SequenceEqual(got.Value.ToArray()), $"{got.Name} does not start with the CPU's values");
        }

        var (wanted, losses) = (Losses(here), Losses(there));
        Assert.Equal(Steps, losses.Count);
        for (var step = 0; step < Steps; step++)
        {
            foreach (var (name, want) in wanted[step])
            {
                // The VAE's divergence is a three-hundredth of its loss. Where a number is so near to 0 that rounding decides
                // whether a ReLU passes its gradient on, that part may move by more.
                var tolerance = name == "kl_loss" ? 1e-3 : 1e-4;
                Assert.True(Math.Abs(want - losses[step][name]) <= tolerance * Math.Abs(want), $"{name} of step {step}: {losses[step][name]:R} instead of {want:R}");
            }
        }

        // As many numbers were drawn, and validation and pictures work there too. A bias before a batch norm has a gradient of
        // nothing but rounding, of which Adam makes steps: the batch's mean takes them out, the running one follows slowly.
        Assert.Equal(Saved(here).Metadata, Saved(there).Metadata);
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
        var (there, here) = (Create(task, DeviceList.Get(device)), Create(task, Device.Cpu));
        _ = there.Train(0, 0).Take(3).ToList();
        var saved = Saved(there);
        here.Load(new StateReader(saved));
        var again = Saved(here);
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
        var (place, chosen) = (DeviceList.Get(device), new[] { 5, 180, 0, 33 });
        using var here = LabelledBatch.From(Images, chosen, PixelRange.ZeroToOne, Device.Cpu);
        using var there = LabelledBatch.From(Images, chosen, PixelRange.ZeroToOne, place);
        Assert.Equal(here.Inputs.ToArray(), there.Inputs.ToArray());
        Assert.Equal(here.Labels.ToArray(), there.Labels.ToArray());
        Assert.Equal(Tensor.Normal([128, 64], new Philox(3, 11)).ToArray(), Tensor.Normal([128, 64], new Philox(3, 11), device: place).ToArray());
        var (mask, other) = (Tensor.Ones([128, 64]).Dropout(0.2f, new Philox(3, 4)), Tensor.Ones([128, 64], place).Dropout(0.2f, new Philox(3, 4)));
        Assert.Equal(mask.ToArray(), other.ToArray());
    }

    private static TrainingTask Create(string task, Device device)
    {
        switch (task)
        {
            case "cgan":
                return new CganTask(Images, Config.Cgan, 1, device);
            case "vae":
                return new VaeTask(Images, Config.Vae, 1, device);
            default:
                var random = new Philox(6);
                var letters = new LatentDataset(
                    Tensor.Normal([188, 8], random).ToArray(), [.. Enumerable.Range(0, 188).Select(i => i % 47)], 8);
                return new ClassifierTask(letters, new Vae(new Philox(3), Config.Vae.Hidden), 47, Config.Classifier, 1, device);
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> State(TrainingTask task) => task.Networks.SelectMany(network => network.Module.State());

    private static List<MetricValues> Losses(TrainingTask task) => [.. task.Train(0, 0).Concat(task.Train(1, 0)).Take(Steps)];

    private static SafetensorsFile Saved(TrainingTask task)
    {
        var writer = new SafetensorsWriter();
        task.Save(writer);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return SafetensorsFile.Read(stream.ToArray(), "checkpoint");
    }
}

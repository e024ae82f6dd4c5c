namespace Crypson.Nn.Tests;

/// <summary>Networks, optimisers and files on each device.</summary>
public sealed class ModuleDeviceTests
{
    public static IEnumerable<TheoryDataRow<string>> Devices() => TestDevices.All;

    public static IEnumerable<TheoryDataRow<string, string>> Optimizers() => TestDevices.With(["sgd", "sgd nesterov", "adam", "adamw"], TestDevices.All);

    [Theory]
    [MemberData(nameof(Devices))]
    public void Moving_keeps_the_tensors_and_their_values(string device)
    {
        var place = DeviceList.Get(device);
        var network = Network();
        var before = network.State().ToList();
        var values = before.ConvertAll(state => state.Value.ToArray());
        network.To(place);
        Assert.Same(place, network.Device);
        foreach (var ((name, value), index) in network.State().Select((state, index) => (state, index)))
        {
            Assert.Same(before[index].Value, value);
            Assert.Same(place, value.Device);
            Assert.Equal(values[index], value.ToArray());
            Assert.Equal(!name.Contains("running"), value.RequiresGrad);
        }

        network.To(Device.Cpu);
        Assert.All(network.State().Zip(values), pair => Assert.Equal(pair.Second, pair.First.Value.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Ten_steps_are_those_of_the_cpu(string kind, string device)
    {
        var (want, got) = (Train(kind, Device.Cpu), Train(kind, DeviceList.Get(device)));
        foreach (var (name, values) in want)
        {
            for (var i = 0; i < values.Length; i++)
            {
                Assert.True(Math.Abs(values[i] - got[name][i]) <= 1e-4 * (Math.Abs(values[i]) + 0.1), $"{name} at {i}: {got[name][i]} instead of {values[i]}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Moments_on_another_device_are_refused_with_a_hint(string device)
    {
        var place = DeviceList.Get(device);
        Assert.SkipWhen(place == Device.Cpu, "needs a second device");
        foreach (var make in (Func<IEnumerable<(string, Tensor)>, Optimizer>[])[p => new Adam(p), p => new Sgd(p, 0.1, 0.9)])
        {
            var layer = new Linear(3, 2, new Philox(1));
            var optimizer = make(layer.NamedParameters());
            layer.To(place);
            layer.Forward(Tensor.Ones([4, 3], place)).Sum().Backward();
            Assert.Contains("before the optimizer is made", Assert.Throws<ArgumentException>(optimizer.Step).Message);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_network_goes_to_a_file_and_to_another_device(string device)
    {
        var (network, other) = (Network(), Network());
        network.To(DeviceList.Get(device));
        network.Forward(Tensor.Normal([4, 1, 8, 8], new Philox(3), device: network.Device));
        var writer = new SafetensorsWriter();
        network.Save(writer);
        using var stream = new MemoryStream();
        writer.Write(stream);
        other.Load(new StateReader(SafetensorsFile.Read(stream.ToArray(), "network")));
        Assert.All(network.State().Zip(other.State()), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
        var third = Network();
        third.CopyFrom(network);
        Assert.Same(Device.Cpu, third.Device);
        Assert.All(network.State().Zip(third.State()), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Gradients_are_clipped_where_they_are(string device)
    {
        var place = DeviceList.Get(device);
        var parameters = new[] { Tensor.Zeros([2], place), Tensor.Zeros([3], place) };
        foreach (var parameter in parameters)
        {
            parameter.RequiresGrad = true;
        }

        (parameters[0] * Tensor.FromSpan([3, 0], place)).Sum().Backward();
        (parameters[1] * Tensor.FromSpan([0, -4, 12], place)).Sum().Backward();
        Assert.Equal(13f, GradientClipping.ByNorm(parameters, 6.5f), 1e-5f);
        Assert.Equal(1.5f, parameters[0].Grad!.ToArray()[0], 1e-5f);
        Assert.Equal([0f, -2f, 6f], parameters[1].Grad!.ToArray().Select(value => MathF.Round(value, 4)));
        GradientClipping.ByValue(parameters, 1.75f);
        Assert.Equal([0f, -1.75f, 1.75f], parameters[1].Grad!.ToArray());
        Assert.Equal(0, GradientClipping.ByNorm([], 1));
    }

    private static Sequential Network()
    {
        var random = new Philox(5);
        return new Sequential(
            new Conv2d(1, 4, 3, random, 2, 1), new BatchNorm2d(4), Activation.Relu(), new ConvTranspose2d(4, 2, 4, random, 2, 1), new Flatten(),
            new LayerNorm(128), new Dropout(0.2f, random), new Linear(128, 6, random), Activation.Silu(), new Linear(6, 3, random));
    }

    private static Dictionary<string, float[]> Train(string kind, Device device)
    {
        var network = Network();
        network.To(device);
        var random = new Philox(9);
        var parameters = network.NamedParameters();
        Optimizer optimizer = kind switch
        {
            "sgd" => new Sgd(parameters, 0.05, weightDecay: 1e-3),
            "sgd nesterov" => new Sgd(parameters, 0.05, 0.9, nesterov: true),
            "adam" => new Adam(parameters, 1e-3, weightDecay: 1e-2),
            _ => new AdamW(parameters, 1e-3),
        };
        var (x, labels) = (Tensor.Normal([16, 1, 8, 8], random, device: device), IndexTensor.FromSpan([.. Enumerable.Range(0, 16).Select(i => i % 3)], device));
        for (var step = 0; step < 10; step++)
        {
            using var scope = new TensorScope();
            optimizer.ZeroGrad();
            network.Forward(x).CrossEntropy(labels).Backward();
            optimizer.Step();
        }

        // The convolution's bias before the batch norm has a gradient of rounding only, and Adam makes steps of it.
        return network.State().Where(state => state.Name is not ("0.bias" or "1.running_mean")).ToDictionary(state => state.Name, state => state.Value.ToArray());
    }
}

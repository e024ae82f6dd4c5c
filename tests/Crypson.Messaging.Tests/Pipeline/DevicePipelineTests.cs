using Crypson.Models;

namespace Crypson.Messaging.Tests.Pipeline;

/// <summary>Sender and receiver compute on different devices.</summary>
public sealed class DevicePipelineTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public static IEnumerable<TheoryDataRow<string>> Devices => TestDevices.Others;

    [Theory]
    [MemberData(nameof(Devices))]
    public void All_bytes_arrive_whoever_sends(string name)
    {
        var (here, there) = (Load(Device.Cpu), Load(DeviceList.Get(name)));
        Assert.Equal(here.Hash.ToArray(), there.Hash.ToArray());
        foreach (var (sender, receiver) in ((CrypsonModel, CrypsonModel)[])[(here, there), (there, here), (there, there)])
        {
            var message = new MessageEncoder(sender).Encode(AllBytes, 1UL << 33, new Philox(3));
            Assert.Equal(AllBytes, new MessageDecoder(receiver).Decode(message));
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_message_repeats_on_a_device(string name)
    {
        var model = Load(DeviceList.Get(name));
        var (first, second) = (new MessageEncoder(model).Encode(AllBytes, 1, new Philox(3)), new MessageEncoder(model).Encode(AllBytes, 1, new Philox(3)));
        Assert.Equal(first.Latents.ToArray(), second.Latents.ToArray());
    }

    private static CrypsonModel Load(Device device)
    {
        var model = CrypsonModel.Load(Path.Combine(AppContext.BaseDirectory, "models", "crypson.safetensors"));
        model.To(device);
        return model;
    }
}

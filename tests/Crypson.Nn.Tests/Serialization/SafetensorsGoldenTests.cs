using System.Runtime.CompilerServices;

namespace Crypson.Nn.Tests.Serialization;

/// <summary>Files another program wrote are read: the golden fixtures.</summary>
public sealed class SafetensorsGoldenTests
{
    [Theory]
    [InlineData("conv", 118, "conv2d/n2c3h8w8o4k3s1p1/weight", new[] { 4, 3, 3, 3 })]
    [InlineData("nn", 237, "batchnorm_train/n4c3h5w5m0s1/x", new[] { 4, 3, 5, 5 })]
    [InlineData("loss", 139, "cross_entropy/mean_n8c10/x", new[] { 8, 10 })]
    [InlineData("optim", 66, "adam/0/grads", new[] { 10, 24 })]
    [InlineData("models_tiny", 363, "cgan_tiny/d_step/init/G/model.0.weight", new[] { 8, 16, 4, 4 })]
    public void Golden_files_are_read(string stem, int count, string name, int[] shape)
    {
        var file = SafetensorsFile.Read(Path.Combine(GoldenFolder(), stem + ".safetensors"));
        Assert.Equal(count, file.Names.Count);
        Assert.Equal(shape, file[name].Shape);
        foreach (var tensor in file.Names.Where(tensor => file[tensor].Type == SafetensorsType.F32))
        {
            file.RequireFinite(tensor);
        }
    }

    [Fact]
    public void Class_indices_are_integers()
    {
        var file = SafetensorsFile.Read(Path.Combine(GoldenFolder(), "loss.safetensors"));
        var target = file["cross_entropy/mean_n8c10/target"];
        Assert.Equal(SafetensorsType.I64, target.Type);
        Assert.Equal(8, target.Count);
        Assert.All(target.ToInt32s(), index => Assert.InRange(index, 0, 9));
    }

    private static string GoldenFolder([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "Golden"));
}

namespace Crypson.Tests;

public class BatchNormTests
{
    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(3, 70, 1)]
    [InlineData(5, 17, 3)]
    [InlineData(4, 19, 4)]
    [InlineData(2, 33, 5)]
    [InlineData(3, 9, 8)]
    [InlineData(3, 6, 9)]
    [InlineData(2, 5, 31)]
    [InlineData(2, 2, 70)]
    [InlineData(2, 1, 1500)]
    public void With_relu_in_the_same_pass_nothing_changes_by_a_bit(int batch, int channels, int run)
    {
        foreach (var training in new[] { true, false })
        {
            Assert.Equal(Run(false), Run(true));

            List<float[]> Run(bool fused)
            {
                var random = new Philox(7);
                var values = Tensor.Normal([batch, channels, run], random).ToArray();
                values[^1] = float.NaN;
                var x = Tensor.FromSpan(values, [batch, channels, run]);
                var (weight, bias) = (Tensor.Normal([channels], random), Tensor.Normal([channels], random));
                var (mean, variance) = (Tensor.Normal([channels], random), Tensor.Ones([channels]));
                foreach (var tensor in (ReadOnlySpan<Tensor>)[x, weight, bias])
                {
                    tensor.RequiresGrad = true;
                }

                var y = fused
                    ? x.BatchNorm(weight, bias, mean, variance, training, relu: true)
                    : x.BatchNorm(weight, bias, mean, variance, training).Relu();
                (y * Tensor.Normal(y.Shape, random)).Sum().Backward();
                return [y.ToArray(), mean.ToArray(), variance.ToArray(), x.Grad!.ToArray(), weight.Grad!.ToArray(), bias.Grad!.ToArray()];
            }
        }
    }
}

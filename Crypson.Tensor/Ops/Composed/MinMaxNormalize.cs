namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Scales each image (everything but the first axis) to [0, 1] by its own smallest and largest value, or all of
    /// them by the batch's. A constant image becomes 0.
    /// </summary>
    public Tensor MinMaxNormalize(bool wholeBatch = false)
    {
        if (Count == 0)
        {
            return this;
        }

        var rows = wholeBatch ? Reshape([1, Count]) : Reshape([Shape[0], -1]);
        var low = rows.Min(1, keepDimensions: true);
        var range = rows.Max(1, keepDimensions: true) - low;
        return ((rows - low) / Maximum(range, Scalar(1e-30f, Device))).Reshape(Shape);
    }
}

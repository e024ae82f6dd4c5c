namespace Crypson.Nn;

/// <summary>A trained table: class indices to rows.</summary>
public sealed class Embedding : Module
{
    /// <param name="rows">Number of classes.</param>
    /// <param name="width">Numbers per class.</param>
    /// <param name="random">Draws the starting values from the standard normal distribution.</param>
    public Embedding(int rows, int width, Philox random) => Weight = AddParameter("weight", Tensor.Normal([rows, width], random));

    /// <summary>[rows, width].</summary>
    public Tensor Weight { get; }

    /// <summary>Indices of any shape to that shape with the width appended.</summary>
    public Tensor Forward(IndexTensor index) => Weight.Embedding(index);
}

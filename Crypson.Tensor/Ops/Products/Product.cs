namespace Crypson;

/// <summary>A batch of products y = a b + bias: a [M, K], b [K, N], y [M, N]. Everything that kernels must know of them.</summary>
/// <param name="A">Lines are the M rows.</param>
/// <param name="B">Lines are the N columns.</param>
/// <param name="Y">Lines are the M rows, its depth the N columns.</param>
internal readonly record struct Product(int Batch, int M, int N, int K, ProductOperand A, ProductOperand B, ProductOperand Y, ProductBias Bias)
{
    /// <summary>The same product as yᵀ = bᵀ aᵀ.</summary>
    public Product Transposed => new(Batch, N, M, K, B, A, Y.Transposed, Bias switch
    {
        ProductBias.Rows => ProductBias.Columns,
        ProductBias.Columns => ProductBias.Rows,
        _ => ProductBias.None,
    });
}

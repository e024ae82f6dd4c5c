namespace Crypson.Nn;

/// <summary>Limits gradients before an optimiser step (Pascanu, Mikolov, Bengio 2013).</summary>
public static class GradientClipping
{
    /// <summary>
    /// Scales all gradients together, by limit / (norm + 1e-6) as PyTorch does, so that their joint Euclidean norm is at most
    /// <paramref name="limit"/>.
    /// </summary>
    /// <returns>The norm before.</returns>
    public static float ByNorm(IEnumerable<Tensor> parameters, float limit)
    {
        if (!(limit > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(limit), $"gradient clipping: the limit {limit} is not positive");
        }

        using var noGrad = Tensor.NoGrad();
        using var scope = new TensorScope();
        var gradients = parameters.Select(parameter => parameter.Grad).OfType<Tensor>().ToList();
        var squares = gradients.ConvertAll(gradient => gradient.Square().Sum().Reshape([1]));

        // Read together, so that a device is waited for once.
        var norm = squares.Count == 0 ? 0 : (float)Math.Sqrt(Tensor.Concat(squares.ToArray()).ToArray().Sum(square => (double)square));
        var scale = limit / (norm + 1e-6f);
        if (scale < 1)
        {
            foreach (var gradient in gradients)
            {
                gradient.ScaleInPlace(scale);
            }
        }

        return norm;
    }

    /// <summary>Limits every element of every gradient to ±<paramref name="limit"/>.</summary>
    public static void ByValue(IEnumerable<Tensor> parameters, float limit)
    {
        using var noGrad = Tensor.NoGrad();
        using var scope = new TensorScope();
        foreach (var gradient in parameters.Select(parameter => parameter.Grad).OfType<Tensor>())
        {
            gradient.CopyFrom(gradient.Clamp(-limit, limit));
        }
    }
}

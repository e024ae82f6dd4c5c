namespace Crypson;

public sealed partial class Tensor
{
    /// <summary>
    /// Adds to <see cref="Grad"/> of every leaf the gradient of this tensor, weighted by
    /// <paramref name="gradient"/> (1 for a tensor with one element). The graph is freed on the way.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing here requires a gradient, or the graph was used before.</exception>
    /// <exception cref="ArgumentException">The gradient's shape or device differs, or it is missing for more than one element.</exception>
    public void Backward(Tensor? gradient = null)
    {
        if (!requiresGrad)
        {
            throw new InvalidOperationException(
                "backward: this tensor does not depend on any tensor that requires a gradient"
                + (NoGradScope.IsActive ? "; recording is off (Tensor.NoGrad)" : string.Empty));
        }

        if (gradient is null && Count != 1)
        {
            throw new ArgumentException($"backward: a tensor of shape {Shape} needs the gradient that arrives at it; reduce it to a scalar or pass one");
        }

        if (gradient is not null && gradient.Shape != Shape)
        {
            throw new ArgumentException($"backward: the gradient has shape {gradient.Shape}, the tensor {Shape}");
        }

        if (gradient is not null && gradient.Device != Device)
        {
            throw new ArgumentException($"backward: the gradient is on {gradient.Device}, the tensor on {Device}; move it with To(device)");
        }

        using var noGrad = NoGrad();
        var queue = new PriorityQueue<Tensor, long>();
        var pending = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        Arrive(this, gradient?.Share(Shape) ?? Full(Shape, 1, Device), pending, queue);
        while (queue.TryDequeue(out var tensor, out _))
        {
            pending.Remove(tensor, out var dy);
            var node = tensor.Node!;
            var gradients = node.Backward(dy!);
            for (var i = 0; i < gradients.Length; i++)
            {
                if (ReferenceEquals(gradients[i], dy))
                {
                    gradients[i] = dy!.Share(dy.Shape);
                }
            }

            dy!.Dispose();
            for (var i = 0; i < gradients.Length; i++)
            {
                var input = node.Inputs[i];
                if (!input.requiresGrad)
                {
                    gradients[i]?.Dispose();
                }
                else
                {
                    Arrive(
                        input,
                        gradients[i] ?? throw new InvalidOperationException($"{node.Op}: no gradient is defined for input {i}"),
                        pending,
                        queue);
                }
            }

            node.Forget();
        }
    }

    private static void Arrive(Tensor tensor, Tensor gradient, Dictionary<Tensor, Tensor> pending, PriorityQueue<Tensor, long> queue)
    {
        if (tensor.storage is null)
        {
            throw new InvalidOperationException(
                $"backward: a tensor {tensor.Shape} on the way was freed, so the gradient cannot pass; call Backward() inside the scope that made it");
        }

        if (tensor.Node is null)
        {
            tensor.AccumulateGrad(gradient);
        }
        else if (pending.TryGetValue(tensor, out var sum))
        {
            pending[tensor] = AddInto(sum, gradient);
        }
        else
        {
            pending.Add(tensor, gradient);
            queue.Enqueue(tensor, -tensor.Node.Order);
        }
    }

    private void AccumulateGrad(Tensor gradient)
    {
        if (Grad is not null)
        {
            Grad = AddInto(Grad, gradient).Persist();
            return;
        }

        // A leaf owns its gradient alone: optimisers and clipping change it in place.
        if (!gradient.Storage.IsExclusive)
        {
            var shared = gradient;
            gradient = shared.Clone();
            shared.Dispose();
        }

        Grad = gradient.Persist();
    }

    /// <summary>sum + gradient; in place where nobody else looks at sum. Both are used up.</summary>
    private static Tensor AddInto(Tensor sum, Tensor gradient)
    {
        if (sum.Storage.IsExclusive)
        {
            sum.AddInPlace(gradient);
            gradient.Dispose();
            return sum;
        }

        var total = sum + gradient;
        sum.Dispose();
        gradient.Dispose();
        return total;
    }
}

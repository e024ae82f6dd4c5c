namespace Crypson;

/// <summary>One recorded operation: its inputs and the function from the result's gradient to theirs.</summary>
internal sealed class Node
{
    private static long last;
    private readonly Storage[] storages;
    private readonly int[] versions;
    private Func<Tensor, Tensor?[]>? backward;

    public Node(string op, Tensor[] inputs, Tensor result, Func<Tensor, Tensor?[]> backward)
    {
        Op = op;
        Inputs = inputs;
        this.backward = backward;
        storages = [.. inputs.Select(input => input.Storage), result.Storage];
        versions = Array.ConvertAll(storages, storage => storage.Version);
    }

    public string Op { get; }

    public Tensor[] Inputs { get; private set; }

    /// <summary>Grows with every operation, so that decreasing order visits a result before what it came from.</summary>
    public long Order { get; } = Interlocked.Increment(ref last);

    /// <summary>The inputs' gradients. The node forgets its inputs and saved values: a graph is used once.</summary>
    public Tensor?[] Backward(Tensor dy)
    {
        var function = backward ?? throw new InvalidOperationException(
            $"{Op}: backward was already called through this result; compute it again before a second backward");
        for (var i = 0; i < versions.Length; i++)
        {
            if (storages[i].Version != versions[i])
            {
                throw new InvalidOperationException(
                    $"{Op}: {(i < Inputs.Length ? $"input {i}" : "the result")} was changed in place after the forward pass, so the gradient would be wrong");
            }
        }

        backward = null;
        return function(dy);
    }

    public void Forget() => Inputs = [];
}

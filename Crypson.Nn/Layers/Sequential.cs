namespace Crypson.Nn;

/// <summary>Layers one after another, named by their position.</summary>
public sealed class Sequential : Layer
{
    private readonly List<Layer> layers = [];

    public Sequential(params ReadOnlySpan<Layer> layers)
    {
        foreach (var layer in layers)
        {
            Add(layer);
        }
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>Appends a layer.</summary>
    public void Add(Layer layer) => layers.Add(AddChild($"{layers.Count}", layer));

    public override Tensor Forward(Tensor x)
    {
        foreach (var layer in layers)
        {
            x = layer.Forward(x);
        }

        return x;
    }
}

namespace Crypson.Nn;

/// <summary>
/// A part of a network: named parameters, named buffers (state without a gradient, such as running statistics) and
/// child modules. Names are PyTorch's: the path of child names joined by dots, <c>encode.encoder.0.weight</c>.
/// </summary>
public abstract class Module
{
    private readonly List<(string Name, Tensor Value)> parameters = [];
    private readonly List<(string Name, Tensor Value)> buffers = [];
    private readonly List<(string Name, Module Value)> children = [];

    /// <summary>Whether dropout and batch norm behave as in training. True at first.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Everything that is trained, in order of registration.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(parameter => parameter.Value);

    /// <summary>Everything that is trained, with its path.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedParameters() => Named(module => module.parameters, string.Empty);

    /// <summary>The state that is saved but not trained, with its path.</summary>
    public IEnumerable<(string Name, Tensor Value)> NamedBuffers() => Named(module => module.buffers, string.Empty);

    /// <summary>The number of trained values.</summary>
    public long ParameterCount => Parameters().Sum(parameter => (long)parameter.Count);

    /// <summary>Switches this module and all its children to training or evaluation.</summary>
    public virtual void Train(bool training = true)
    {
        IsTraining = training;
        foreach (var (_, child) in children)
        {
            child.Train(training);
        }
    }

    /// <summary>Switches this module and all its children to evaluation.</summary>
    public void Eval() => Train(false);

    /// <summary>Where the parameters live; the CPU when there are none.</summary>
    public Device Device => Parameters().FirstOrDefault()?.Device ?? Device.Cpu;

    /// <summary>
    /// Moves all parameters and buffers to a device. The tensors stay the same objects and lose their gradients. Make
    /// optimisers afterwards: their moments live where the parameters are then.
    /// </summary>
    public void To(Device device)
    {
        foreach (var (_, value) in State())
        {
            value.MoveTo(device);
        }
    }

    /// <summary>Drops the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters())
        {
            parameter.ZeroGrad();
        }
    }

    /// <summary>Turns the gradients of all parameters on or off; off freezes the module.</summary>
    public void RequireGrad(bool required)
    {
        foreach (var parameter in Parameters())
        {
            parameter.RequiresGrad = required;
        }
    }

    /// <summary>Adds all parameters and buffers to a file, under their paths after <paramref name="prefix"/>.</summary>
    public void Save(SafetensorsWriter writer, string prefix = "")
    {
        foreach (var (name, value) in State())
        {
            writer.Add(prefix + name, value.Shape, value.ToArray());
        }
    }

    /// <summary>Replaces all parameters and buffers by those of a file.</summary>
    /// <exception cref="SafetensorsException">A tensor is missing, has another shape or type, or is not finite.</exception>
    public void Load(StateReader reader, string prefix = "")
    {
        using var noGrad = Tensor.NoGrad();
        foreach (var (name, value) in State())
        {
            reader.Read(prefix + name, value);
        }
    }

    /// <summary>Copies all parameters and buffers from a module with the same names and shapes.</summary>
    public void CopyFrom(Module source)
    {
        using var noGrad = Tensor.NoGrad();
        var values = source.State().ToDictionary(state => state.Name, state => state.Value);
        foreach (var (name, value) in State())
        {
            value.CopyFrom(values[name]);
        }
    }

    /// <summary>Parameters and buffers together, as PyTorch's state_dict.</summary>
    public IEnumerable<(string Name, Tensor Value)> State() => NamedParameters().Concat(NamedBuffers());

    /// <summary>Adds a trained value.</summary>
    protected Tensor AddParameter(string name, Tensor value)
    {
        value.RequiresGrad = true;
        parameters.Add((name, value));
        return value;
    }

    /// <summary>Adds a value that is saved but not trained.</summary>
    protected Tensor AddBuffer(string name, Tensor value)
    {
        buffers.Add((name, value.Persist()));
        return value;
    }

    /// <summary>Adds a part.</summary>
    protected TModule AddChild<TModule>(string name, TModule child)
        where TModule : Module
    {
        children.Add((name, child));
        return child;
    }

    private IEnumerable<(string Name, Tensor Value)> Named(Func<Module, List<(string Name, Tensor Value)>> own, string prefix)
    {
        foreach (var (name, value) in own(this))
        {
            yield return (prefix + name, value);
        }

        foreach (var (name, child) in children)
        {
            foreach (var item in child.Named(own, $"{prefix}{name}."))
            {
                yield return item;
            }
        }
    }
}

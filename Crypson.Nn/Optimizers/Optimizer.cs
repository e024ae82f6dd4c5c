namespace Crypson.Nn;

/// <summary>Updates parameters from their gradients, in place.</summary>
public abstract class Optimizer
{
    private readonly List<(string Name, Tensor Value)> parameters;

    /// <param name="parameters">What to update, with the names that checkpoints use.</param>
    /// <param name="learningRate">Step size.</param>
    /// <exception cref="ArgumentException">No parameters, or a learning rate that is not a positive number.</exception>
    protected Optimizer(IEnumerable<(string Name, Tensor Value)> parameters, double learningRate)
    {
        this.parameters = [.. parameters];
        if (this.parameters.Count == 0)
        {
            throw new ArgumentException("optimizer: there are no parameters to update");
        }

        if (!(learningRate > 0 && double.IsFinite(learningRate)))
        {
            throw new ArgumentException($"optimizer: the learning rate {learningRate} is not a positive number");
        }

        LearningRate = learningRate;
    }

    /// <summary>Step size; a schedule may change it between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>Updates made so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>The parameters, with names.</summary>
    protected IReadOnlyList<(string Name, Tensor Value)> Parameters => parameters;

    /// <summary>Updates every parameter that has a gradient.</summary>
    /// <exception cref="InvalidOperationException">No parameter has one: backward was not called, or the graph does not reach them.</exception>
    public void Step()
    {
        if (!parameters.Exists(parameter => parameter.Value.Grad is not null))
        {
            throw new InvalidOperationException("optimizer: no parameter has a gradient; call Backward() on a loss that depends on them first");
        }

        using var noGrad = Tensor.NoGrad();
        StepCount++;
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Value.Grad is { } gradient)
            {
                Update(i, parameters[i].Value, gradient);
            }
        }
    }

    /// <summary>Drops the gradients of all parameters.</summary>
    public void ZeroGrad()
    {
        foreach (var (_, value) in parameters)
        {
            value.ZeroGrad();
        }
    }

    /// <summary>Adds moments and step count to a checkpoint.</summary>
    public void Save(SafetensorsWriter writer, string prefix)
    {
        foreach (var (kind, moments) in Moments())
        {
            for (var i = 0; i < moments.Count; i++)
            {
                writer.Add($"{prefix}{kind}.{parameters[i].Name}", moments[i].Shape, moments[i].ToArray());
            }
        }

        writer.Metadata[$"{prefix}step"] = $"{StepCount}";
    }

    /// <summary>Replaces moments and step count by those of a checkpoint.</summary>
    /// <exception cref="SafetensorsException">Something is missing or does not fit.</exception>
    public void Load(StateReader reader, string prefix)
    {
        using var noGrad = Tensor.NoGrad();
        foreach (var (kind, moments) in Moments())
        {
            for (var i = 0; i < moments.Count; i++)
            {
                reader.Read($"{prefix}{kind}.{parameters[i].Name}", moments[i]);
            }
        }

        StepCount = reader.Integer($"{prefix}step");
    }

    /// <summary>One update of one parameter.</summary>
    protected abstract void Update(int index, Tensor parameter, Tensor gradient);

    /// <summary>The state kept per parameter, by kind, in the order of the parameters.</summary>
    protected abstract IEnumerable<(string Kind, IReadOnlyList<Tensor> Values)> Moments();

    /// <summary>A zero tensor per parameter.</summary>
    protected List<Tensor> ZeroMoments() => parameters.ConvertAll(parameter => Tensor.Zeros(parameter.Value.Shape, parameter.Value.Device).Persist());
}

using Crypson.Nn;

namespace Crypson.Models;

/// <summary>What is trained: one step at a time, in an order that depends on the seed and the step's number alone.</summary>
public abstract class TrainingTask
{
    /// <summary>The name of the run's kind: <c>cgan</c>, <c>vae</c> or <c>classifier</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Epochs of the whole schedule.</summary>
    public abstract int Epochs { get; }

    /// <summary>Steps of an epoch, 1 or more.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Examples per step.</summary>
    public abstract int BatchSize { get; }

    /// <summary>The value of an epoch that decides which checkpoint is best: one of validation, or a training mean, <c>train_...</c>.</summary>
    public abstract string BestBy { get; }

    /// <summary>Whether a larger value of <see cref="BestBy"/> is better.</summary>
    public virtual bool LargerIsBetter => false;

    /// <summary>Whether a training value is reported as its mean since the run began, not of the epoch.</summary>
    public virtual bool IsRunningMean(string name) => false;

    /// <summary>Networks with their names, for reports.</summary>
    public abstract IReadOnlyList<(string Name, Module Module)> Networks { get; }

    /// <summary>Trains the steps of an epoch, counted from 0, from step <paramref name="first"/> of the epoch on; yields each step's values.</summary>
    public abstract IEnumerable<MetricValues> Train(int epoch, int first);

    /// <summary>The values on the validation images.</summary>
    public abstract MetricValues Validate();

    /// <summary>A grid of pictures that shows the state of training, or null.</summary>
    public virtual GreyImage? DrawSamples() => null;

    /// <summary>What was confused with what at the last validation, or null.</summary>
    public virtual ConfusionMatrix? Confusion => null;

    /// <summary>Adds everything that later steps depend on.</summary>
    public abstract void Save(SafetensorsWriter writer);

    /// <summary>Continues from what <see cref="Save"/> wrote.</summary>
    public abstract void Load(StateReader reader);

    /// <summary>The values of scalars, read together: a device is waited for once.</summary>
    internal static float[] Read(params ReadOnlySpan<Tensor> scalars)
    {
        using var noGrad = Tensor.NoGrad();
        var parts = new Tensor[scalars.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = scalars[i].Reshape([1]);
        }

        return Tensor.Concat(parts).ToArray();
    }

    internal static void SaveCounter(SafetensorsWriter writer, string name, Philox random) => writer.Metadata[$"random.{name}"] = $"{random.Counter}";

    internal static void LoadCounter(StateReader reader, string name, Philox random) => random.Counter = (ulong)reader.Integer($"random.{name}");
}

using System.Text.Json.Nodes;

namespace Crypson.Cli;

/// <summary>A stage as <c>--dry-run</c> shows it.</summary>
/// <param name="Task">What is trained.</param>
/// <param name="Source">What it learns from.</param>
/// <param name="Examples">How many images.</param>
/// <param name="Epochs">Epochs of the schedule.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="StepsPerEpoch">Full batches of the training part.</param>
/// <param name="Steps">Steps of the run, limits applied.</param>
/// <param name="Trial">Networks and memory.</param>
internal sealed record PlannedStage(string Task, string Source, int Examples, int Epochs, int BatchSize, int StepsPerEpoch, long Steps, TrialStep Trial)
{
    /// <summary>Prints it with every tensor's shape.</summary>
    public void Print(Terminal terminal)
    {
        terminal.Line($"{Task}: {Source}");
        terminal.Line($"  {Format.Count(Examples)} images, {Epochs} epochs of {Format.Count(StepsPerEpoch)} steps of {BatchSize} images: {Format.Count(Steps)} steps");
        terminal.Line($"  memory: about {Format.Bytes(Trial.Bytes)} ({Format.Bytes(Trial.DataBytes)} for the images, the rest for weights, moments, a step and a checkpoint)");
        var table = new TextTable().Left("tensor").Left("shape").Right("parameters");
        foreach (var (network, tensors) in Trial.Networks)
        {
            foreach (var (name, shape, count) in tensors)
            {
                table.Row($"{network}.{name}", shape, Format.Count(count));
            }

            table.Row($"{network}, {tensors.Count} tensors", string.Empty, Format.Count(tensors.Sum(tensor => tensor.Count)));
        }

        terminal.Table(table);
    }

    /// <summary>The same for programs.</summary>
    public JsonObject ToJson()
    {
        var networks = new JsonObject();
        foreach (var (network, tensors) in Trial.Networks)
        {
            var shapes = new JsonObject();
            tensors.ForEach(tensor => shapes[tensor.Name] = tensor.Shape);
            networks[network] = new JsonObject { ["parameters"] = tensors.Sum(tensor => tensor.Count), ["shapes"] = shapes };
        }

        return new JsonObject
        {
            ["task"] = Task,
            ["source"] = Source,
            ["examples"] = Examples,
            ["epochs"] = Epochs,
            ["batchSize"] = BatchSize,
            ["stepsPerEpoch"] = StepsPerEpoch,
            ["steps"] = Steps,
            ["memoryBytes"] = Trial.Bytes,
            ["networks"] = networks,
        };
    }
}

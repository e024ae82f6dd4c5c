using Crypson.Models;

namespace Crypson.Cli;

/// <summary>One of the three trainings of a demo, done.</summary>
/// <param name="Name">What it is called on the page.</param>
/// <param name="Task">The task with its trained networks.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="WasCut">Whether the time budget ended it.</param>
/// <param name="Charts">Its curves.</param>
/// <param name="Result">Its last validation values, as text.</param>
internal sealed record DemoStage(string Name, TrainingTask Task, long Steps, bool WasCut, IReadOnlyList<LineChart> Charts, string Result);

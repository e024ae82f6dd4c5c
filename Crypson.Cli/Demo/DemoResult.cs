using Crypson.Models;

namespace Crypson.Cli;

/// <summary>All that the demo's page shows.</summary>
/// <param name="Settings">What was asked for.</param>
/// <param name="Training">The synthesised letters.</param>
/// <param name="Model">The three networks.</param>
/// <param name="Stages">The trainings, in order.</param>
/// <param name="Generated">How drawn letters were read.</param>
/// <param name="Handwriting">How synthesised letters were read that no network had seen.</param>
/// <param name="Characters">The way of every character.</param>
/// <param name="MessageBytes">Length of the message file.</param>
/// <param name="Received">The text read from the message file.</param>
/// <param name="Arrived">Whether every byte is the same.</param>
internal sealed record DemoResult(
    DemoSettings Settings, ImageDataset Training, CrypsonModel Model, IReadOnlyList<DemoStage> Stages, ConfusionMatrix Generated,
    ConfusionMatrix Handwriting, IReadOnlyList<DemoCharacter> Characters, long MessageBytes, string Received, bool Arrived);

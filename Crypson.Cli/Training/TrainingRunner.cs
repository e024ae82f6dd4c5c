using Crypson.Models;

namespace Crypson.Cli;

/// <summary>Runs tasks and draws their letters with progress on the terminal, stopped by Ctrl-C.</summary>
/// <param name="terminal">Shows the progress.</param>
/// <param name="interrupt">Stops the work.</param>
internal sealed class TrainingRunner(Terminal terminal, Interrupt interrupt)
{
    /// <summary>Trains until a limit or Ctrl-C; a run that was started before continues when <paramref name="resume"/> is set.</summary>
    /// <returns>Why it stopped, and the loop with its metrics.</returns>
    public (StopReason Reason, TrainingLoop Loop) Train(
        TrainingTask task, RunFolder folder, CrypsonConfig config, ClassMapping classes, TrainingLimits limits, bool resume) =>
        ProgressView.Show(terminal, view =>
        {
            var loop = new TrainingLoop(task, folder, config, classes, limits, view, resume);
            return (loop.Run(interrupt.Token), loop);
        });

    /// <summary>The images the VAE learns from, drawn by a generator; those of some steps if they are given.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public ImageDataset DrawImages(Generator generator, ClassMapping classes, CrypsonConfig config, (long First, long End)? steps = null) =>
        ProgressView.Show(terminal, view => VaeTask.DrawImages(generator, classes, config, steps, Count(view, "drawing letters for the vae")));

    /// <summary>The latents the classifier learns from; those of some steps if they are given.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public LatentDataset DrawLetters(Generator generator, Vae vae, CrypsonConfig config, (long First, long End)? steps = null) =>
        ProgressView.Show(terminal, view => ClassifierTask.DrawLetters(generator, vae, config, steps, Count(view, "drawing and encoding letters for the classifier")));

    private Action<int, int> Count(ProgressView view, string what) => (done, total) =>
    {
        interrupt.ThrowIfRequested();
        view.OnCount(what, done, total);
    };
}

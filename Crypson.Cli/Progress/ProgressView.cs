using Crypson.Models;
using Spectre.Console;

namespace Crypson.Cli;

/// <summary>Shows on standard error how long work goes: live on a terminal, plain lines elsewhere.</summary>
internal abstract class ProgressView : ITrainingObserver
{
    /// <summary>Gives <paramref name="work"/> the view that fits the terminal; the view is gone afterwards.</summary>
    public static T Show<T>(Terminal terminal, Func<ProgressView, T> work)
    {
        if (terminal.Quiet)
        {
            return work(new NoProgress());
        }

        return terminal.ErrorIsTerminal
            ? terminal.Error.Live(Text.Empty).AutoClear(true).Start(context => work(new LiveProgress(terminal.Error, context)))
            : work(new PlainProgress(Console.Error));
    }

    /// <summary>Work that is counted, such as letters drawn.</summary>
    /// <param name="what">What is done, such as "drawing letters".</param>
    /// <param name="done">How many are done.</param>
    /// <param name="total">Of how many.</param>
    public abstract void OnCount(string what, long done, long total);

    public abstract void OnStep(TrainingProgress progress);

    public abstract void OnValidation(MetricsRow row, bool best);

    public virtual void OnCheckpoint(string path, long step)
    {
    }
}

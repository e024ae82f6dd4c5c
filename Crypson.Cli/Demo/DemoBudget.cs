using Crypson.Messaging;
using Crypson.Models;

namespace Crypson.Cli;

/// <summary>
/// Shares out the time of a demo. One that was asked for is kept: what comes after the trainings gets the time it needs on
/// this machine, and what cannot be done in time is not begun. Otherwise it only stops trainings that take too long.
/// </summary>
/// <param name="settings">Has the time.</param>
/// <param name="elapsed">The time since the demo began.</param>
internal sealed class DemoBudget(DemoSettings settings, Func<TimeSpan> elapsed)
{
    // Shares after which each training has to be done; the rest is for the message and the page.
    private const double CganShare = 0.60;
    private const double VaeShare = 0.84;
    private const double ClassifierShare = 0.95;

    // The same when the time is short: the cGAN is the last to become of use, and the rest has a time of its own.
    private const double ShortCganShare = 0.72;
    private const double ShortVaeShare = 0.86;

    // Reading held-out letters takes about as long as drawing 8,000; poor networks make the sender draw and read many more.
    private const int LettersAfterTraining = 40_000;

    // Encoding a letter takes about as long as drawing it.
    private const int WorkPerLatent = 2;
    private static readonly TimeSpan OneStep = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan total = settings.TimeBudget;
    private TimeSpan perLetter = TimeSpan.Zero;

    private TimeSpan AfterTraining => settings.KeepsBudget ? perLetter * LettersAfterTraining : total * (1 - ClassifierShare);

    /// <summary>Learns how long this machine takes to draw letters.</summary>
    public void Measure(int letters, TimeSpan time) => perLetter = time / letters;

    /// <summary>Time to train the cGAN; a step at least.</summary>
    public TimeSpan ForCgan() => Left(total * (settings.KeepsBudget ? ShortCganShare : CganShare)) is { Ticks: > 0 } left ? left : OneStep;

    /// <summary>Time to train the VAE.</summary>
    /// <exception cref="MessageException">There is none.</exception>
    public TimeSpan ForVae() => Require("VAE", Left(settings.KeepsBudget ? (total - AfterTraining) * ShortVaeShare : total * VaeShare));

    /// <summary>Time to train the classifier.</summary>
    /// <exception cref="MessageException">There is none.</exception>
    public TimeSpan ForClassifier() => Require("classifier", Left(total - AfterTraining));

    /// <summary>How many letters the classifier learns from: all, or as many as half of its time is enough to draw.</summary>
    /// <exception cref="MessageException">It has no time.</exception>
    public int Letters(ClassifierConfig config) => settings.KeepsBudget
        ? Math.Min(config.Samples, Math.Max(2 * config.BatchSize, (int)Math.Min(int.MaxValue, ForClassifier() / 2 / (WorkPerLatent * perLetter))))
        : config.Samples;

    /// <summary>Gives up sending when the time is over and letters are missing.</summary>
    /// <exception cref="MessageException">So it is.</exception>
    public void RequireSending(int done, int letters)
    {
        if (settings.KeepsBudget && done < letters && elapsed() > total)
        {
            throw new MessageException($"{letters - done} of {letters} letters did not read back within the time budget of {Format.Duration(total)}");
        }
    }

    private TimeSpan Left(TimeSpan until) => until - elapsed();

    private TimeSpan Require(string network, TimeSpan left) => left > TimeSpan.Zero ? left
        : !settings.KeepsBudget ? OneStep
        : throw new MessageException(
            $"the time budget of {Format.Duration(total)} is too small: nothing is left of it to train the {network}\n  hint: allow more with --time-budget, or leave it out");
}

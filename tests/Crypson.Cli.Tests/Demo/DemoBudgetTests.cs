using Crypson.Messaging;
using Crypson.Models;

namespace Crypson.Cli.Tests;

/// <summary><c>demo --time-budget 30s</c> took a minute: drawing and sending had no part of the time.</summary>
public sealed class DemoBudgetTests
{
    private static readonly ClassifierConfig Classifier = new() { Samples = 18_800, BatchSize = 64 };
    private TimeSpan now;

    [Fact]
    public void A_budget_that_was_asked_for_leaves_time_to_send()
    {
        var budget = Budget(100, keeps: true);
        Assert.Equal(Seconds(72), budget.ForCgan());

        // 0.25 ms a letter: 10 s for reading and sending, 90 s until then.
        now = Seconds(73);
        budget.Measure(9_400, Seconds(2.35));
        Assert.Equal(Seconds((90 * 0.86) - 73), budget.ForVae());
        now = Seconds(78);
        Assert.Equal(12_000, budget.Letters(Classifier));
        now = Seconds(84);
        Assert.Equal(Seconds(6), budget.ForClassifier());
        now = Seconds(89.99);
        Assert.Equal(2 * Classifier.BatchSize, budget.Letters(Classifier));
        now = Seconds(20);
        Assert.Equal(Classifier.Samples, budget.Letters(Classifier));
    }

    [Fact]
    public void A_budget_that_is_too_small_is_told_before_more_is_done()
    {
        var budget = Budget(5, keeps: true);
        now = Seconds(4);
        Assert.True(budget.ForCgan() > TimeSpan.Zero);
        now = Seconds(4.4);
        const string Text = "the time budget of 0:05 is too small: nothing is left of it to train the {0}\n  hint: allow more with --time-budget, or leave it out";
        Assert.Equal(string.Format(Text, "VAE"), Assert.Throws<MessageException>(() => budget.ForVae()).Message);
        budget.Measure(9_400, Seconds(0.235));
        Assert.Equal(string.Format(Text, "classifier"), Assert.Throws<MessageException>(() => budget.ForClassifier()).Message);
        Assert.Throws<MessageException>(() => budget.Letters(Classifier));
        now = Seconds(5);
        budget.RequireSending(3, 53);
        now = Seconds(5.1);
        budget.RequireSending(53, 53);
        Assert.Equal(
            "50 of 53 letters did not read back within the time budget of 0:05",
            Assert.Throws<MessageException>(() => budget.RequireSending(3, 53)).Message);
    }

    [Fact]
    public void Without_the_option_trainings_are_cut_and_the_rest_takes_its_time()
    {
        var budget = Budget(100, keeps: false);
        Assert.Equal(Seconds(60), budget.ForCgan());
        budget.Measure(9_400, Seconds(50));
        Assert.Equal(Seconds(84), budget.ForVae());
        Assert.Equal(Classifier.Samples, budget.Letters(Classifier));
        Assert.Equal(95, budget.ForClassifier().TotalSeconds, 6);
        now = Seconds(1000);
        Assert.True(budget.ForCgan() > TimeSpan.Zero && budget.ForVae() > TimeSpan.Zero && budget.ForClassifier() > TimeSpan.Zero);
        budget.RequireSending(0, 53);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private DemoBudget Budget(double seconds, bool keeps) => new(new DemoSettings { TimeBudget = Seconds(seconds), KeepsBudget = keeps }, () => now);
}

using System.CommandLine;
using System.Text;

namespace Crypson.Cli;

/// <summary><c>crypson demo</c>.</summary>
internal static class DemoCommand
{
    // Every symbol has its own card on the page.
    private const int LongestText = 500;

    public static Command Create(Terminal terminal)
    {
        var output = Options.Path("--out", "DIR", "Folder for the page and everything else; an earlier demo in it is replaced. 'demo' if left out.", "-o");
        var text = Options.Text("--text", "TEXT", $"What to send; '{DemoSettings.DefaultText}' if left out.");
        var seed = Options.Unsigned("--seed", "Key of all random numbers; 1 if left out.");
        var threads = Options.Threads();
        var device = DeviceChoice.Option();
        var budget = Options.Time("--time-budget", "Train less so that all is done by about then; too little time is an error. Left out, training is cut so that all takes about 165s.");
        var quiet = Options.Flag("--quiet", "Show the message and the result only.", "-q");
        var command = new ExampleCommand(
            "demo",
            "Train small versions of the three networks on synthesised handwriting and send a sentence through them, all within three minutes. Shows every stage, here and as a web page.",
            "crypson demo", "crypson demo --text 'Noon, by the oak' --seed 7 --out runs/demo")
        {
            output, text, seed, threads, device, budget, quiet,
        };
        command.SetAction(result =>
        {
            terminal.Quiet = result.GetValue(quiet);
            Options.ApplyThreads(result.GetValue(threads));
            var settings = new DemoSettings();
            settings = settings with
            {
                Folder = result.GetValue(output) ?? settings.Folder,
                Text = result.GetValue(text) ?? settings.Text,
                Config = settings.Config with { Seed = result.GetValue(seed) ?? settings.Config.Seed },
                TimeBudget = result.GetValue(budget) ?? settings.TimeBudget,
                KeepsBudget = result.GetValue(budget) is not null,
                Device = new DeviceChoice(result.GetValue(device)),
            };
            if (Encoding.UTF8.GetByteCount(settings.Text) is 0 or > LongestText)
            {
                throw new UsageException($"--text: the demo sends 1 to {LongestText} bytes\n  hint: 'crypson encrypt' sends more");
            }

            return new DemoRun(terminal, settings).Run();
        });
        return command;
    }
}

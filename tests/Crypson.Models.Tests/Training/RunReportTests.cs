using System.Xml.Linq;
using Crypson.Nn;

namespace Crypson.Models.Tests;

public sealed class RunReportTests : IDisposable
{
    private static readonly ClassMapping Classes = ClassMapping.Parse("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_leaves_curves_confusion_and_a_page()
    {
        Write("run");
        var curves = XElement.Parse(File.ReadAllText(folder["run/curves.svg"]));
        Assert.Contains(curves.Descendants(), element => element.Value == "Share of letters read correctly");
        XElement.Parse(File.ReadAllText(folder["run/confusion.svg"]));

        var page = HtmlPageTests.Parse(File.ReadAllText(folder["run/report.html"]));
        var cells = page.Descendants("td").Select(cell => cell.Value).ToList();
        Assert.Contains("0.7500", cells);
        Assert.Contains("classifier.learningRate", cells);
        Assert.DoesNotContain("cgan.epochs", cells);
        Assert.Equal(2, page.Descendants().Count(element => element.Name.LocalName == "svg"));
        var picture = page.Descendants("img").Single().Attribute("src")!.Value;
        Assert.Equal(File.ReadAllBytes(folder["run/samples/epoch-002.png"]), Convert.FromBase64String(picture["data:image/png;base64,".Length..]));
        Assert.Empty(Directory.GetFiles(folder["run"], "*.tmp"));
    }

    [Fact]
    public void The_same_run_gives_the_same_files()
    {
        Write("a");
        Write("b");
        foreach (var name in new[] { "curves.svg", "confusion.svg", "report.html" })
        {
            Assert.Equal(File.ReadAllBytes(folder[$"a/{name}"]), File.ReadAllBytes(folder[$"b/{name}"]));
        }
    }

    [Fact]
    public void A_run_without_a_finished_epoch_has_a_page_too()
    {
        var run = new RunFolder(folder["run"]);
        run.Start(new CrypsonConfig());
        RunReport.Write(run, new Task(null), new MetricsLog(run.Path, 0), new CrypsonConfig(), Classes);
        Assert.Contains("0 of 2", File.ReadAllText(folder["run/report.html"]));
        Assert.False(File.Exists(folder["run/confusion.svg"]));
    }

    [Fact]
    public void Long_runs_keep_few_points()
    {
        var rows = Enumerable.Range(1, 5000).Select(step => new MetricsRow(MetricsRow.Train, 1, step, new() { ["loss"] = step })).ToList();
        var svg = XElement.Parse(LineChart.ToSvg(RunReport.Charts(new Task(null), rows)));
        var points = svg.Descendants().Single(element => element.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ');
        Assert.InRange(points.Length, 200, 400);
    }

    [Fact]
    public void A_page_that_cannot_be_written_does_not_end_the_run()
    {
        Directory.CreateDirectory(folder["run/report.html"]);
        Write("run");
        Assert.True(File.Exists(folder["run/curves.svg"]));
        Assert.Empty(Directory.GetFiles(folder["run"], "*.tmp"));
    }

    private void Write(string name)
    {
        var confusion = new ConfusionMatrix(Classes.Count);
        confusion.Add([0, 1, 2, 3], [0, 1, 2, 4]);
        var run = new RunFolder(folder[name]);
        run.Start(new CrypsonConfig());
        var metrics = new MetricsLog(run.Path, 0);
        for (var step = 1; step <= 8; step++)
        {
            metrics.Add(new MetricsRow(MetricsRow.Train, (step + 3) / 4, step, new() { ["loss"] = 4.0 / step, ["accuracy"] = step / 10.0 }));
            if (step % 4 == 0)
            {
                metrics.Add(new MetricsRow(MetricsRow.Validation, step / 4, step, new() { ["loss"] = 1.5, ["accuracy"] = 0.75, ["train_loss"] = 1.25 }));
                PngWriter.Save(run.SamplePath(step / 4), new GreyImage(2, 1, [0, (byte)step]));
            }
        }

        RunReport.Write(run, new Task(confusion), metrics, new CrypsonConfig(), Classes);
    }

    private sealed class Task(ConfusionMatrix? confusion) : TrainingTask
    {
        public override string Name => "classifier";

        public override int Epochs => 2;

        public override int StepsPerEpoch => 4;

        public override int BatchSize => 8;

        public override string BestBy => "accuracy";

        public override bool LargerIsBetter => true;

        public override ConfusionMatrix? Confusion => confusion;

        public override IReadOnlyList<(string Name, Module Module)> Networks { get; } = [("linear", new Linear(3, 2, new Philox(1)))];

        public override IEnumerable<MetricValues> Train(int epoch, int first) => [];

        public override MetricValues Validate() => [];

        public override void Save(SafetensorsWriter writer)
        {
        }

        public override void Load(StateReader reader)
        {
        }
    }
}

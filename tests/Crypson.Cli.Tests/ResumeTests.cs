using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Crypson.Cli.Tests;

/// <summary>However often a run is cut off, and on however many threads, its last checkpoint has the same bytes.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Train = "crypson train cgan --quiet " + Shell.Tiny;
    private readonly string folder = Directory.CreateTempSubdirectory("crypson-resume-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Twenty_steps_a_kill_and_a_resume_to_forty_equal_forty_in_one_go()
    {
        await Succeed($"{Train} --per-class 40 --run whole --max-steps 40");

        // No limit: it is killed somewhere after step 20, in the middle of a step or of a checkpoint.
        await Kill($"exec {Train} --per-class 8 --run cut --max-steps 1000000 --checkpoint-every 1", "KILL", () => LastStep("cut") >= 20);
        await Succeed($"crypson train cgan --run cut --resume --quiet --max-steps {LastStep("cut") + 3} --checkpoint-every 2");
        var step = LastStep("cut");
        await Succeed($"{Train} --per-class 8 --run other --max-steps {step} --epochs 7000");
        Assert.Equal(Last("other"), Last("cut"));

        await Succeed($"{Train} --per-class 40 --run part --max-steps 20 --epochs 1000");
        await Kill("exec crypson train cgan --run part --resume --quiet --max-steps 40 --checkpoint-every 1000000", "KILL", () => Rows("part") > 3);
        await Succeed("crypson train cgan --run part --resume --quiet --max-steps 40");
        Assert.Equal(Last("whole"), Last("part"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "cut"), "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Checkpoints_do_not_depend_on_the_number_of_threads()
    {
        await Succeed($"crypson train all --quiet {Shell.Tiny} --per-class 8 --run one --max-steps 12 --threads 1");
        await Succeed($"crypson train all --quiet {Shell.Tiny} --per-class 8 --run two --max-steps 12 --threads 2");
        foreach (var task in (string[])["cgan", "vae", "classifier"])
        {
            Assert.Equal(Last($"one/{task}"), Last($"two/{task}"));
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "one", "model.safetensors")), File.ReadAllBytes(Path.Combine(folder, "two", "model.safetensors")));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_run_is_saved_and_goes_on(string signal)
    {
        var (code, error) = await Kill($"exec {Train} --per-class 8 --run run --max-steps 1000000", signal, () => Rows("run") > 2);
        Assert.Equal(130, code);
        Assert.Contains("crypson: note: interrupted at step ", error, StringComparison.Ordinal);
        Assert.Contains("crypson: hint: continue with: crypson train cgan --run run --resume", error, StringComparison.Ordinal);
        var step = LastStep("run");
        await Succeed($"crypson train cgan --run run --resume --quiet --max-steps {step + 2}");
        await Succeed($"{Train} --per-class 8 --run whole --max-steps {step + 2}");
        Assert.Equal(Last("whole"), Last("run"));
    }

    /// <summary>
    /// The first Ctrl-C waits for the step to be saved. Here it never is: its metrics go into a pipe that nobody reads, so the
    /// second one always finds the program at work. On a terminal it gives the cursor back and ends the line.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_interruption_ends_the_program_at_once(bool onTerminal)
    {
        var (found, _, _) = await Shell.Run("command -v mkfifo && command -v script", folder);
        Assert.SkipUnless(OperatingSystem.IsLinux() && found == 0, "the pipe and the terminal are made as on Linux");
        var train = $"echo $$ > pid; exec env --default-signal=INT {Train} --per-class 8 --run run --max-steps 1000000";
        using var process = Shell.Start(onTerminal ? $"exec script -qec '{train}' /dev/null" : train, folder);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await WaitUntil(() => process.HasExited || Rows("run") > 2);
        await Shell.Run("mkfifo pipe && mv pipe run/metrics.jsonl && kill -s INT $(cat pid)", folder);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(process.HasExited);
        for (var i = 0; i < 100 && !process.HasExited; i++)
        {
            await Shell.Run("kill -s INT $(cat pid)", folder);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        if (!process.HasExited)
        {
            await Shell.Run("kill -s KILL $(cat pid)", folder);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal(string.Empty, await error);
        Assert.Equal(onTerminal ? "\e[?25h\n" : string.Empty, Regex.Replace(await output, @"\e\[\?1[hl]|\e[=>]|\r", string.Empty));
    }

    [Fact]
    public async Task All_three_stages_go_on_after_an_interruption()
    {
        var train = $"crypson train all --quiet {Shell.Tiny} --per-class 8";
        await Succeed($"{train} --run whole --max-steps 12");
        await Kill($"exec {train} --run cut --max-steps 12 --checkpoint-every 1", "INT", () => File.Exists(Path.Combine(folder, "cut", "vae", "metrics.jsonl")));
        await Succeed("crypson train all --run cut --resume --quiet --max-steps 12");
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "whole", "model.safetensors")), File.ReadAllBytes(Path.Combine(folder, "cut", "model.safetensors")));
    }

    private async Task Succeed(string line)
    {
        var (code, _, error) = await Shell.Run(line, folder);
        Assert.True(code == 0, $"{line}\n{error}");
    }

    // Waits until the run has come far enough, then signals it. A program started in the background of a script is born
    // deaf to Ctrl-C; 'env' gives it its ears back.
    private async Task<(int Code, string Error)> Kill(string line, string signal, Func<bool> isTime)
    {
        using var process = Shell.Start(OperatingSystem.IsLinux() ? line.Replace("exec ", "exec env --default-signal=INT ") : line, folder);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await WaitUntil(() => process.HasExited || isTime());
        using (var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }

    private static async Task WaitUntil(Func<bool> isTime)
    {
        while (!isTime())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private byte[] Last(string run) => File.ReadAllBytes(Path.Combine(folder, run, "checkpoints", "last.safetensors"));

    private long LastStep(string run)
    {
        var path = Path.Combine(folder, run, "checkpoints", "last.safetensors");
        return File.Exists(path) ? long.Parse(Crypson.Nn.SafetensorsFile.Read(path).Metadata["step"]) : 0;
    }

    private int Rows(string run)
    {
        var path = Path.Combine(folder, run, "metrics.jsonl");
        return File.Exists(path) ? File.ReadAllLines(path).Length : 0;
    }
}

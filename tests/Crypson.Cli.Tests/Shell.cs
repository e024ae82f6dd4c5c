using System.Diagnostics;

namespace Crypson.Cli.Tests;

/// <summary>Runs commands as a person would: the built executable by its name, in a folder of its own.</summary>
internal static class Shell
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>What tests add to <c>crypson train</c> so that a run takes a moment.</summary>
    public const string Tiny =
        "--set cgan.channels=8,8,8 --set cgan.hidden=16 --set cgan.batchSize=16 --set vae.hidden=8,8,8,8 --set vae.samples=235 --set vae.batchSize=32 "
        + "--set classifier.samples=235 --set classifier.batchSize=32 --set classifier.wide=16";

    /// <summary>Runs a line of shell to its end, with nothing on standard input.</summary>
    public static async Task<(int Code, string Output, string Error)> Run(string line, string folder)
    {
        using var process = Start(line, folder);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{line}' did not end within {Limit}");
        }
    }

    /// <summary>Starts a line of shell; <c>exec</c> in it makes the process the program itself, for signals.</summary>
    public static Process Start(string line, string folder)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TINY"] = Tiny;
        start.Environment["MODEL"] = Path.Combine(AppContext.BaseDirectory, "models", "crypson.safetensors");
        start.Environment["OTHER"] = OtherModel.FilePath;
        start.Environment["LC_ALL"] = "C.UTF-8";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}

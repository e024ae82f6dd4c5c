namespace Crypson.Cli.Tests;

/// <summary>Every command and every error, as a person sees them: <c>Scripts/*.txt</c> against the built executable.</summary>
public sealed class TranscriptTests
{
    [Theory]
    [InlineData("bench")]
    [InlineData("configuration")]
    [InlineData("data")]
    [InlineData("demo")]
    [InlineData("devices")]
    [InlineData("help")]
    [InlineData("messages")]
    [InlineData("models")]
    [InlineData("options")]
    [InlineData("train")]
    public async Task The_program_answers_as_written(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Scripts", $"{name}.txt");
        var text = await File.ReadAllTextAsync(path);
        var folder = Directory.CreateTempSubdirectory("crypson-cli-").FullName;
        try
        {
            var differences = await Transcript.Parse(text[..^1].Split('\n')).Play(folder);
            Assert.True(differences.Length == 0, $"{name}.txt: these commands answered otherwise:\n{differences}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_script_is_run()
    {
        var scripts = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Scripts")).Select(Path.GetFileNameWithoutExtension).Order();
        var run = typeof(TranscriptTests).GetMethod(nameof(The_program_answers_as_written))!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>().Select(data => (string)data.Data[0]!).Order();
        Assert.Equal(scripts, run);
    }

    [Fact]
    public async Task A_transcript_notices_another_output_error_and_exit_code()
    {
        var right = Transcript.Parse(["$ echo one; echo two >&2; exit 3", "o*", "! two", "? 3"]);
        var wrong = Transcript.Parse(["$ echo one", "two", "$ echo x >&2", "$ exit 1", "$ echo more", "..."]);
        Assert.Equal(string.Empty, await right.Play("/"));
        Assert.Equal("$ echo one\none\n? 0\n$ echo x >&2\n! x\n? 0\n$ exit 1\n? 1\n", await wrong.Play("/"));
    }
}

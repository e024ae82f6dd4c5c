using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crypson.Cli.Tests;

/// <summary>What is different when a person sits before it; <c>script</c> (util-linux) gives the program a terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("crypson-terminal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_terminal_is_spared_a_binary_message()
    {
        var (code, output) = await OnTerminal("crypson encrypt --text hi");
        Assert.Equal(2, code);
        Assert.Contains("the result is binary and standard output is a terminal", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_live_and_validations_make_a_table()
    {
        var (code, output) = await OnTerminal("TERM=xterm crypson train cgan --per-class 8 --epochs 2 --run run $TINY");
        Assert.Equal(0, code);
        Assert.Contains("cgan · epoch 2/2 · step 44/44", output, StringComparison.Ordinal);
        Assert.Matches(@"cgan +epoch +step +d_loss +g_loss", output);
        Assert.Contains("│ end of epochs │", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Colours_stay_away_when_they_are_not_wanted()
    {
        Assert.Contains("\e[", (await OnTerminal("TERM=xterm-256color crypson bogus")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[3", (await OnTerminal("NO_COLOR=1 TERM=xterm-256color crypson bogus")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", (await OnTerminal("TERM=dumb crypson bogus")).Output, StringComparison.Ordinal);
    }

    /// <summary>Columns of two letters, a hundred lines long.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    public async Task The_table_of_devices_is_a_list_on_a_narrow_terminal(int columns)
    {
        var (code, output) = await OnTerminal($"stty cols {columns}; NO_COLOR=1 TERM=xterm crypson devices");
        Assert.Equal(0, code);
        var text = Regex.Replace(output, @"\e\[[?\d;]*[a-zA-Z]|\e[=>]|\r", string.Empty);
        Assert.Matches(@"\Adevice      cpu *\n  kind      CPU *\n  model     \S", text);
        Assert.DoesNotContain("│", text, StringComparison.Ordinal);
        var (_, json, _) = await Shell.Run("crypson devices --json", folder);
        var packed = WithoutSpace(text);
        foreach (var member in JsonNode.Parse(json)!.AsArray().SelectMany(device => device!.AsObject()).Where(member => member.Value?.GetValueKind() == JsonValueKind.String))
        {
            Assert.Contains(WithoutSpace((string)member.Value!), packed, StringComparison.Ordinal);
        }

        static string WithoutSpace(string text) => Regex.Replace(text, @"\s", string.Empty);
    }

    /// <summary>What followed a message without a line's end stood on its line.</summary>
    [Fact]
    public async Task A_message_ends_its_line_on_a_terminal_only()
    {
        var (code, output) = await OnTerminal("printf hi | crypson encrypt --quiet -o note && crypson decrypt note --quiet && crypson decrypt note --quiet | wc -c");
        Assert.Equal(0, code);

        // .NET sets the terminal's keys up.
        Assert.Equal("hi\n2\n", Regex.Replace(output, @"\e\[\?1[hl]|\e[=>]|\r", string.Empty));
    }

    private async Task<(int Code, string Output)> OnTerminal(string line)
    {
        var (found, _, _) = await Shell.Run("command -v script", folder);
        Assert.SkipUnless(found == 0, "there is no 'script' to make a terminal with");
        var (code, output, _) = await Shell.Run($"script -qec '{line}' /dev/null", folder);
        return (code, output);
    }
}

using System.CommandLine;

namespace Crypson.Cli;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">The word on the command line.</param>
/// <param name="description">One sentence or a few.</param>
/// <param name="examples">Whole command lines, without a prompt.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}

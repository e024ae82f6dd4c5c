using Crypson.Models;

namespace Crypson.Cli;

/// <summary>One character of the text with the letters that carry its bytes.</summary>
/// <param name="Text">The character.</param>
/// <param name="Letters">One or more letters.</param>
internal sealed record DemoCharacter(string Text, IReadOnlyList<PipelineLetter> Letters);

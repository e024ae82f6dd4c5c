namespace Crypson.Cli;

/// <summary>The command line asks for something that cannot be; a hint may follow after a line break and <c>hint: </c>.</summary>
/// <param name="message">What is wrong, in lower case, without a full stop.</param>
internal sealed class UsageException(string message) : Exception(message);

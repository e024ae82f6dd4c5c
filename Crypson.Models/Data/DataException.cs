namespace Crypson.Models;

/// <summary>
/// A data set could not be found, read or understood. The message is meant for the person who named the folder:
/// it names the file, what was wrong and what to do.
/// </summary>
/// <param name="message">What was wrong, in one line, optionally with a second line "  hint: ...".</param>
/// <param name="inner">The failure underneath, when there was one.</param>
public sealed class DataException(string message, Exception? inner = null) : Exception(message, inner);

namespace Crypson.Messaging;

/// <summary>A message cannot be written or read; the text names the fault and, where one is known, the remedy.</summary>
/// <param name="message">The text to show.</param>
public sealed class MessageException(string message) : FormatException(message);

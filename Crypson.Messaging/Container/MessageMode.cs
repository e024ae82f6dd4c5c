namespace Crypson.Messaging;

/// <summary>How a message file protects its content; the value is the file's mode byte.</summary>
public enum MessageMode : byte
{
    /// <summary>As in the paper: a public mask, nothing secret, nothing authenticated.</summary>
    Paper = 1,
}

namespace Crypson.Nn;

/// <summary>A safetensors file is malformed, foreign, or lacks what was asked of it; the message names the fault.</summary>
public sealed class SafetensorsException : IOException
{
    /// <summary>With the text to show.</summary>
    public SafetensorsException(string message)
        : base(message)
    {
    }

    /// <summary>With the text to show and the cause.</summary>
    public SafetensorsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

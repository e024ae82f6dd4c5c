namespace Crypson.Messaging;

/// <summary>The time embedding whose values mask the latents; the value is the byte in the file.</summary>
public enum MessageTime : byte
{
    /// <summary>A learned table with one row for each time step.</summary>
    Discrete = 1,

    /// <summary>Sines and cosines of the time step, through a small network.</summary>
    Continuous = 2,
}

namespace Crypson.Models;

/// <summary>How a time embedding turns a time step into a mask.</summary>
public enum TimeEmbeddingKind
{
    /// <summary>Sine and cosine features of the step through a small network.</summary>
    Continuous,

    /// <summary>A table with one row per step, used again from the start when it ends.</summary>
    Discrete,
}

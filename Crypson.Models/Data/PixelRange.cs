namespace Crypson.Models;

/// <summary>What pixel bytes 0 to 255 become as floating-point numbers.</summary>
public enum PixelRange
{
    /// <summary>Background 0, ink 1: the range of a sigmoid.</summary>
    ZeroToOne,

    /// <summary>Background -1, ink 1: the range of tanh.</summary>
    MinusOneToOne,
}

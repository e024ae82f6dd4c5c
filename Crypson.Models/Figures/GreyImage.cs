namespace Crypson.Models;

/// <summary>A grey picture in memory.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Number of rows.</param>
/// <param name="Pixels">[height, width], 0 black to 255 white.</param>
public sealed record GreyImage(int Width, int Height, byte[] Pixels);

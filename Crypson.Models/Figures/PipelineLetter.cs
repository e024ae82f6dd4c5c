namespace Crypson.Models;

/// <summary>One letter on its way through a message.</summary>
/// <param name="Sent">The letter that was to be sent.</param>
/// <param name="Image">[32, 32] in [0, 1], as the generator drew it.</param>
/// <param name="Latent">The picture as 8 numbers.</param>
/// <param name="Masked">The numbers that travel.</param>
/// <param name="Read">The letter the receiver reads.</param>
/// <param name="Draws">Pictures drawn until one read back.</param>
public sealed record PipelineLetter(char Sent, float[] Image, float[] Latent, float[] Masked, char Read, int Draws);

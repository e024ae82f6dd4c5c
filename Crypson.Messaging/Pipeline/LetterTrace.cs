namespace Crypson.Messaging;

/// <summary>What became of one symbol on its way into a message.</summary>
/// <param name="Symbol">The class.</param>
/// <param name="Image">[32, 32] in [0, 1], the picture that was sent.</param>
/// <param name="Latent">The picture as 8 numbers, quantised.</param>
/// <param name="Masked">The same with the time step's mask added modulo 2^16.</param>
/// <param name="Draws">Pictures drawn until one read back.</param>
public sealed record LetterTrace(int Symbol, float[] Image, float[] Latent, float[] Masked, int Draws);

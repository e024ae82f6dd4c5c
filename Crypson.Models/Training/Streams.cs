namespace Crypson.Models;

/// <summary>Numbers of the random streams under one seed, so that no two purposes share numbers.</summary>
internal static class Streams
{
    public const ulong GeneratorWeights = 1;
    public const ulong DiscriminatorWeights = 2;
    public const ulong VaeWeights = 3;
    public const ulong ClassifierWeights = 4;
    public const ulong TimeWeights = 5;
    public const ulong CganNoise = 11;
    public const ulong VaeNoise = 12;
    public const ulong Validation = 13;
    public const ulong Samples = 14;
    public const ulong VaeImages = 15;
    public const ulong ClassifierImages = 16;
    public const ulong HeldOut = 17;
    public const ulong ClassifierSplit = 18;
}

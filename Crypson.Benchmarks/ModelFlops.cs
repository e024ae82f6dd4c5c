namespace Crypson.Benchmarks;

/// <summary>Operations of products and convolutions of the paper's models at batch 128, counted as the peer script does.</summary>
internal static class ModelFlops
{
    private const int Batch = 128;
    private const int Classes = 47;

    /// <summary>Two discriminator passes with gradients and a drawing; a drawing with gradients through a third.</summary>
    public static double CganStep => (6 * Discriminator) + Generator + (3 * Generator) + (2 * Discriminator);

    public static double VaeStep => 3 * (Encoder + Decoder);

    public static double ClassifierStep => Decoder + (3 * Head) - Linear(1024, 512);

    public static double Discriminator => Linear(2048, 2048) + Linear(2048, 2048) + Linear(2048, 1024) + Linear(1024, 512) + Linear(512, 1);

    public static double Generator =>
        Transposed(64, 512, 4, 1) + Transposed(512, 256, 4, 4) + Transposed(256, 128, 4, 8) + Transposed(128, 1, 4, 16);

    public static double Encoder =>
        Convolution(1, 32, 3, 16) + Convolution(32, 64, 3, 8) + Convolution(64, 128, 3, 4) + Convolution(128, 256, 3, 2)
        + (2 * Linear(1024, 8));

    public static double Decoder =>
        Linear(8, 1024) + Transposed(256, 128, 3, 2) + Transposed(128, 64, 3, 4) + Transposed(64, 32, 3, 8) + Transposed(32, 1, 3, 16)
        + Convolution(1, 1, 3, 32);

    public static double Head => Linear(1024, 512) + Linear(512, Classes);

    private static double Linear(int input, int output) => 2.0 * Batch * input * output;

    private static double Transposed(int input, int output, int kernel, int side) => 2.0 * Batch * side * side * input * output * kernel * kernel;

    private static double Convolution(int input, int output, int kernel, int outSide) => 2.0 * Batch * outSide * outSide * input * output * kernel * kernel;
}

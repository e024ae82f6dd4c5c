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
        OperatorRows.TransposedFlops(64, 512, 4, 1) + OperatorRows.TransposedFlops(512, 256, 4, 4) + OperatorRows.TransposedFlops(256, 128, 4, 8) + OperatorRows.TransposedFlops(128, 1, 4, 16);

    public static double Encoder =>
        OperatorRows.ConvolutionFlops(1, 32, 3, 16) + OperatorRows.ConvolutionFlops(32, 64, 3, 8) + OperatorRows.ConvolutionFlops(64, 128, 3, 4) + OperatorRows.ConvolutionFlops(128, 256, 3, 2)
        + (2 * Linear(1024, 8));

    public static double Decoder =>
        Linear(8, 1024) + OperatorRows.TransposedFlops(256, 128, 3, 2) + OperatorRows.TransposedFlops(128, 64, 3, 4) + OperatorRows.TransposedFlops(64, 32, 3, 8) + OperatorRows.TransposedFlops(32, 1, 3, 16)
        + OperatorRows.ConvolutionFlops(1, 1, 3, 32);

    public static double Head => Linear(1024, 512) + Linear(512, Classes);

    private static double Linear(int input, int output) => 2.0 * Batch * input * output;
}

namespace Crypson.Benchmarks;

/// <summary>Sizes of a convolution of square images, and single elements of its three products, summed directly.</summary>
/// <param name="Batch">Images.</param>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="InSide">Height and width of the input.</param>
/// <param name="OutChannels">Channels of the result.</param>
/// <param name="OutSide">Height and width of the result.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Stride">Step between windows.</param>
/// <param name="Padding">Zeros on every side of the input.</param>
internal sealed record ConvolutionGeometry(int Batch, int InChannels, int InSide, int OutChannels, int OutSide, int Kernel, int Stride, int Padding)
{
    /// <summary>Operations of each product, taps in the margin included.</summary>
    public double Flops => 2.0 * Batch * OutSide * OutSide * OutChannels * InChannels * Kernel * Kernel;

    /// <summary>Numbers in the weight, [out, in, kernel, kernel].</summary>
    public long Weights => (long)OutChannels * InChannels * Kernel * Kernel;

    /// <summary>[batch, channels, height, width] of the input.</summary>
    public int[] InShape => [Batch, InChannels, InSide, InSide];

    /// <summary>[batch, channels, height, width] of the result.</summary>
    public int[] OutShape => [Batch, OutChannels, OutSide, OutSide];

    /// <summary>y: the products of a window and a filter.</summary>
    public (double Value, double Magnitude) Forward(float[] x, float[] weight, int element)
    {
        var (image, channel, row, column) = Position(element, OutChannels, OutSide);
        var sum = default(Sum);
        for (var input = 0; input < InChannels; input++)
        {
            for (var tap = 0; tap < Kernel * Kernel; tap++)
            {
                var (y, z) = ((row * Stride) - Padding + (tap / Kernel), (column * Stride) - Padding + (tap % Kernel));
                if (y >= 0 && y < InSide && z >= 0 && z < InSide)
                {
                    sum.Add((double)x[InIndex(image, input, y, z)] * weight[WeightIndex(channel, input, tap)]);
                }
            }
        }

        return sum.Result;
    }

    /// <summary>dx, from dy and the filters: also the result of the transposed convolution.</summary>
    public (double Value, double Magnitude) BackwardData(float[] dy, float[] weight, int element)
    {
        var (image, channel, row, column) = Position(element, InChannels, InSide);
        var sum = default(Sum);
        for (var tap = 0; tap < Kernel * Kernel; tap++)
        {
            var (y, z) = (row + Padding - (tap / Kernel), column + Padding - (tap % Kernel));
            if (y < 0 || z < 0 || y % Stride != 0 || z % Stride != 0 || y / Stride >= OutSide || z / Stride >= OutSide)
            {
                continue;
            }

            for (var output = 0; output < OutChannels; output++)
            {
                sum.Add((double)dy[OutIndex(image, output, y / Stride, z / Stride)] * weight[WeightIndex(output, channel, tap)]);
            }
        }

        return sum.Result;
    }

    /// <summary>dWeight, from x and dy.</summary>
    public (double Value, double Magnitude) BackwardWeight(float[] x, float[] dy, int element)
    {
        var (tap, input, output) = (element % (Kernel * Kernel), element / (Kernel * Kernel) % InChannels, element / (Kernel * Kernel) / InChannels);
        var sum = default(Sum);
        for (var position = 0; position < Batch * OutSide * OutSide; position++)
        {
            var (image, row, column) = (position / OutSide / OutSide, position / OutSide % OutSide, position % OutSide);
            var (y, z) = ((row * Stride) - Padding + (tap / Kernel), (column * Stride) - Padding + (tap % Kernel));
            if (y >= 0 && y < InSide && z >= 0 && z < InSide)
            {
                sum.Add((double)x[InIndex(image, input, y, z)] * dy[OutIndex(image, output, row, column)]);
            }
        }

        return sum.Result;
    }

    /// <summary>
    /// Visits every product of an input element, a weight and a result element, by their indices: forward as well as
    /// transposed convolution, as six loops write them.
    /// </summary>
    public void Visit<TVisitor>(TVisitor visitor)
        where TVisitor : struct, IVisitor
    {
        for (var image = 0; image < Batch; image++)
        {
            for (var output = 0; output < OutChannels; output++)
            {
                for (var input = 0; input < InChannels; input++)
                {
                    for (var tap = 0; tap < Kernel * Kernel; tap++)
                    {
                        for (var row = 0; row < OutSide; row++)
                        {
                            var y = (row * Stride) - Padding + (tap / Kernel);
                            for (var column = 0; y >= 0 && y < InSide && column < OutSide; column++)
                            {
                                var z = (column * Stride) - Padding + (tap % Kernel);
                                if (z >= 0 && z < InSide)
                                {
                                    visitor.Add(InIndex(image, input, y, z), WeightIndex(output, input, tap), OutIndex(image, output, row, column));
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Takes one product.</summary>
    internal interface IVisitor
    {
        void Add(int x, int weight, int y);
    }

    private static (int Image, int Channel, int Row, int Column) Position(int element, int channels, int side) =>
        (element / side / side / channels, element / side / side % channels, element / side % side, element % side);

    private int InIndex(int image, int channel, int row, int column) => (((((image * InChannels) + channel) * InSide) + row) * InSide) + column;

    private int OutIndex(int image, int channel, int row, int column) => (((((image * OutChannels) + channel) * OutSide) + row) * OutSide) + column;

    private int WeightIndex(int output, int input, int tap) => (((output * InChannels) + input) * Kernel * Kernel) + tap;
}

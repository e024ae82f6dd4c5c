using Crypson.Kernels;

namespace Crypson;

/// <summary>
/// Batch normalisation on devices: sums are made per part and lane (see <see cref="BatchNormSplit"/>) and joined per channel in
/// a fixed order.
/// </summary>
internal static partial class BatchNormKernels
{
    /// <summary>What a channel's result is computed from.</summary>
    internal struct Channel
    {
        public float Center;
        public float Factor;
        public float Shift;
    }

    /// <summary>The values of a part of a channel: a piece of the run of each image.</summary>
    internal struct PartValues
    {
        public int Count;
        public int Start;
        public int Length;
        public int Step;

        /// <summary>Where value number <paramref name="j"/> is.</summary>
        public readonly int At(int j) => Start + j / Length * Step + j % Length;
    }

    /// <summary>Mean and squared deviations from it, one lane of one part per work-item. Two passes: the one-pass form loses digits.</summary>
    [Kernel]
    internal static void BatchNormStatistics(Index1D i, BatchNormSplit split, ArrayView<float> x, ArrayView<float> means, ArrayView<float> squares)
    {
        var lane = i % split.Lanes;
        var channel = i / split.Lanes % split.Channels;
        var part = i / split.Lanes / split.Channels;
        var (firstImage, lastImage, begin, end) = split.Part(part);
        var partial = part * split.Lanes + lane;
        var (sum, lost) = (0f, 0f);
        for (var image = firstImage; image < lastImage; image++)
        {
            var start = split.Start(image, channel);
            for (var j = begin + lane; j < end; j += split.Lanes)
            {
                Compensated.Add(ref sum, ref lost, x[start + j]);
            }
        }

        var mean = sum / Math.Max(1, split.CountOf(partial));
        var (square, lostOfSquare) = (0f, 0f);
        for (var image = firstImage; image < lastImage; image++)
        {
            var start = split.Start(image, channel);
            for (var j = begin + lane; j < end; j += split.Lanes)
            {
                var d = x[start + j] - mean;
                Compensated.Add(ref square, ref lostOfSquare, d * d);
            }
        }

        means[partial * split.Channels + channel] = mean;
        squares[partial * split.Channels + channel] = square;
    }

    /// <summary>The same for long runs on a GPU: a group per part, in trees; the grid is channels x parts. Split.Lanes is 1.</summary>
    [Kernel]
    internal static void BatchNormStatisticsOfGroups(BatchNormSplit split, ArrayView<float> x, ArrayView<float> means, ArrayView<float> squares)
    {
        var shared = SharedMemory.Allocate<float>(GroupTree.Size);
        var values = ValuesOfGroup(split);
        var (sum, lost) = (0f, 0f);
        for (var j = Group.IdxX; j < values.Count; j += GroupTree.Size)
        {
            Compensated.Add(ref sum, ref lost, x[values.At(j)]);
        }

        var mean = GroupTree.Sum(shared, sum) / Math.Max(1, values.Count);
        var (square, lostOfSquare) = (0f, 0f);
        for (var j = Group.IdxX; j < values.Count; j += GroupTree.Size)
        {
            var d = x[values.At(j)] - mean;
            Compensated.Add(ref square, ref lostOfSquare, d * d);
        }

        var squareSum = GroupTree.Sum(shared, square);
        if (Group.IdxX == 0)
        {
            means[Grid.IdxY * split.Channels + Grid.IdxX] = mean;
            squares[Grid.IdxY * split.Channels + Grid.IdxX] = squareSum;
        }
    }

    /// <summary>The same for long runs on a CPU: a part per work-item, in the lanes of a vector. Split.Lanes is 1.</summary>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void BatchNormStatisticsOfRuns(Index1D i, BatchNormSplit split, ArrayView<float> x, ArrayView<float> means, ArrayView<float> squares)
    {
        var part = i / split.Channels;
        var count = split.CountOf(part);
        var mean = SumOfPart(split, part, i % split.Channels, x, 0f, false) / count;
        means[i] = mean;
        squares[i] = SumOfPart(split, part, i % split.Channels, x, mean, true);
    }

    /// <summary>
    /// Mean and 1 / √(variance + eps) of a channel from its partial results (Chan, Golub, LeVeque 1983), which also move the
    /// running statistics; or, outside of training, from those.
    /// </summary>
    [Kernel]
    internal static void BatchNormMoments(
        Index1D channel, BatchNormSplit split, bool training, float momentum, float eps, ArrayView<float> means, ArrayView<float> squares,
        ArrayView<float> runningMean, ArrayView<float> runningVariance, ArrayView<float> mean, ArrayView<float> inverse)
    {
        if (!training)
        {
            mean[channel] = runningMean[channel];
            inverse[channel] = 1f / MathF.Sqrt(runningVariance[channel] + eps);
            return;
        }

        var count = split.Batch * split.Run;
        var (sum, lost) = (0f, 0f);
        for (var partial = 0; partial < split.Partials; partial++)
        {
            Compensated.Add(ref sum, ref lost, split.CountOf(partial) * means[partial * split.Channels + channel]);
        }

        var average = sum / count;
        var (square, lostOfSquare) = (0f, 0f);
        for (var partial = 0; partial < split.Partials; partial++)
        {
            var d = means[partial * split.Channels + channel] - average;
            Compensated.Add(ref square, ref lostOfSquare, squares[partial * split.Channels + channel]);
            Compensated.Add(ref square, ref lostOfSquare, split.CountOf(partial) * d * d);
        }

        mean[channel] = average;
        inverse[channel] = 1f / MathF.Sqrt(square / count + eps);
        runningMean[channel] = (1f - momentum) * runningMean[channel] + momentum * average;
        runningVariance[channel] = (1f - momentum) * runningVariance[channel] + momentum * (square / (count - 1));
    }

    /// <summary>One piece of one run per work-item.</summary>
    [Kernel]
    internal static void BatchNormForward(
        Index1D i, int channels, int run, int piece, bool relu, ArrayView<float> x, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> mean,
        ArrayView<float> inverse, ArrayView<float> y)
    {
        var pieces = (run + piece - 1) / piece;
        var row = i / pieces;
        var begin = i % pieces * piece;
        var count = Math.Min(piece, run - begin);
        var from = x.SubView(row * run + begin);
        var to = y.SubView(row * run + begin);
        var sizes = Sizes(row % channels, weight, bias, mean, inverse);
        for (var j = 0; j < count; j++)
        {
            var value = (from[j] - sizes.Center) * sizes.Factor + sizes.Shift;
            to[j] = relu && value <= 0f ? 0f : value;
        }
    }

    /// <summary>Sums of dy and of dy (x - mean), one lane of one part per work-item.</summary>
    [Kernel]
    internal static void BatchNormGradientSums(
        Index1D i, BatchNormSplit split, bool relu, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> bias,
        ArrayView<float> mean, ArrayView<float> inverse, ArrayView<float> slopes, ArrayView<float> products)
    {
        var lane = i % split.Lanes;
        var channel = i / split.Lanes % split.Channels;
        var part = i / split.Lanes / split.Channels;
        var (firstImage, lastImage, begin, end) = split.Part(part);
        var sizes = Sizes(channel, weight, bias, mean, inverse);
        var (slope, lost) = (0f, 0f);
        var (product, lostOfProduct) = (0f, 0f);
        for (var image = firstImage; image < lastImage; image++)
        {
            var start = split.Start(image, channel);
            for (var j = begin + lane; j < end; j += split.Lanes)
            {
                var d = x[start + j] - sizes.Center;
                var arriving = Masked(relu, d * sizes.Factor + sizes.Shift, dy[start + j]);
                Compensated.Add(ref slope, ref lost, arriving);
                Compensated.Add(ref product, ref lostOfProduct, arriving * d);
            }
        }

        var at = (part * split.Lanes + lane) * split.Channels + channel;
        slopes[at] = slope;
        products[at] = product;
    }

    /// <summary>The same for long runs on a GPU: a group per part, in trees; the grid is channels x parts. Split.Lanes is 1.</summary>
    [Kernel]
    internal static void BatchNormGradientSumsOfGroups(
        BatchNormSplit split, bool relu, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> bias,
        ArrayView<float> mean, ArrayView<float> inverse, ArrayView<float> slopes, ArrayView<float> products)
    {
        var shared = SharedMemory.Allocate<float>(GroupTree.Size);
        var values = ValuesOfGroup(split);
        var sizes = Sizes(Grid.IdxX, weight, bias, mean, inverse);
        var (slope, lost) = (0f, 0f);
        var (product, lostOfProduct) = (0f, 0f);
        for (var j = Group.IdxX; j < values.Count; j += GroupTree.Size)
        {
            var at = values.At(j);
            var d = x[at] - sizes.Center;
            var arriving = Masked(relu, d * sizes.Factor + sizes.Shift, dy[at]);
            Compensated.Add(ref slope, ref lost, arriving);
            Compensated.Add(ref product, ref lostOfProduct, arriving * d);
        }

        var slopeSum = GroupTree.Sum(shared, slope);
        var productSum = GroupTree.Sum(shared, product);
        if (Group.IdxX == 0)
        {
            slopes[Grid.IdxY * split.Channels + Grid.IdxX] = slopeSum;
            products[Grid.IdxY * split.Channels + Grid.IdxX] = productSum;
        }
    }

    /// <summary>The same for long runs on a CPU: a part per work-item, in the lanes of a vector. Split.Lanes is 1.</summary>
    [Kernel(Targets = KernelTargets.OpenCl)]
    internal static void BatchNormGradientSumsOfRuns(
        Index1D i, BatchNormSplit split, bool relu, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> weight, ArrayView<float> bias,
        ArrayView<float> mean, ArrayView<float> inverse, ArrayView<float> slopes, ArrayView<float> products)
    {
        var channel = i % split.Channels;
        var (firstImage, lastImage, begin, end) = split.Part(i / split.Channels);
        var sizes = Sizes(channel, weight, bias, mean, inverse);
        var slopeLanes = LocalMemory.Allocate<float>(Pieces.Lanes);
        var productLanes = LocalMemory.Allocate<float>(Pieces.Lanes);
        for (var lane = 0; lane < Pieces.Lanes; lane++)
        {
            slopeLanes[lane] = 0f;
            productLanes[lane] = 0f;
        }

        var (slope, lost) = (0f, 0f);
        var (product, lostOfProduct) = (0f, 0f);
        var added = 0;
        for (var image = firstImage; image < lastImage; image++)
        {
            var from = x.SubView(split.Start(image, channel));
            var arriving = dy.SubView(split.Start(image, channel));
            var j = begin;
            for (; j + Pieces.Lanes <= end; j += Pieces.Lanes)
            {
                for (var lane = 0; lane < Pieces.Lanes; lane++)
                {
                    var d = from[j + lane] - sizes.Center;
                    var masked = Masked(relu, d * sizes.Factor + sizes.Shift, arriving[j + lane]);
                    slopeLanes[lane] += masked;
                    productLanes[lane] += masked * d;
                }

                added++;
                if (added == Pieces.ShortSum)
                {
                    Join(slopeLanes, ref slope, ref lost);
                    Join(productLanes, ref product, ref lostOfProduct);
                    added = 0;
                }
            }

            for (; j < end; j++)
            {
                var d = from[j] - sizes.Center;
                var masked = Masked(relu, d * sizes.Factor + sizes.Shift, arriving[j]);
                Compensated.Add(ref slope, ref lost, masked);
                Compensated.Add(ref product, ref lostOfProduct, masked * d);
            }
        }

        Join(slopeLanes, ref slope, ref lost);
        Join(productLanes, ref product, ref lostOfProduct);
        slopes[i] = slope;
        products[i] = product;
    }

    /// <summary>dBias = sum of dy and dWeight = sum of dy xhat of a channel from its partial results.</summary>
    [Kernel]
    internal static void BatchNormGradientMoments(
        Index1D channel, int channels, int partials, ArrayView<float> slopes, ArrayView<float> products, ArrayView<float> inverse,
        ArrayView<float> dWeight, ArrayView<float> dBias)
    {
        var (slope, lost) = (0f, 0f);
        var (product, lostOfProduct) = (0f, 0f);
        for (var partial = 0; partial < partials; partial++)
        {
            Compensated.Add(ref slope, ref lost, slopes[partial * channels + channel]);
            Compensated.Add(ref product, ref lostOfProduct, products[partial * channels + channel]);
        }

        dBias[channel] = slope;
        dWeight[channel] = product * inverse[channel];
    }

    /// <summary>dx, one piece of one run per work-item; <paramref name="share"/> is 1 / values per channel in training, else 0.</summary>
    [Kernel]
    internal static void BatchNormBackward(
        Index1D i, int channels, int run, int piece, bool relu, float share, ArrayView<float> x, ArrayView<float> dy, ArrayView<float> weight,
        ArrayView<float> bias, ArrayView<float> mean, ArrayView<float> inverse, ArrayView<float> dWeight, ArrayView<float> dBias, ArrayView<float> dx)
    {
        var pieces = (run + piece - 1) / piece;
        var row = i / pieces;
        var channel = row % channels;
        var begin = i % pieces * piece;
        var count = Math.Min(piece, run - begin);
        var from = x.SubView(row * run + begin);
        var slope = dy.SubView(row * run + begin);
        var to = dx.SubView(row * run + begin);
        var sizes = Sizes(channel, weight, bias, mean, inverse);
        var meanDy = share == 0f ? 0f : dBias[channel] * share;
        var slopeOfX = share == 0f ? 0f : dWeight[channel] * share * inverse[channel];
        for (var j = 0; j < count; j++)
        {
            var d = from[j] - sizes.Center;
            to[j] = (Masked(relu, d * sizes.Factor + sizes.Shift, slope[j]) - meanDy - d * slopeOfX) * sizes.Factor;
        }
    }

    // The sum of a part of a channel, or of its squared deviations from a center: short sums in lanes, which join a compensated one.
    private static float SumOfPart(BatchNormSplit split, int part, int channel, ArrayView<float> x, float center, bool squared)
    {
        var (firstImage, lastImage, begin, end) = split.Part(part);
        var lanes = LocalMemory.Allocate<float>(Pieces.Lanes);
        for (var lane = 0; lane < Pieces.Lanes; lane++)
        {
            lanes[lane] = 0f;
        }

        var (sum, lost) = (0f, 0f);
        var added = 0;
        for (var image = firstImage; image < lastImage; image++)
        {
            var from = x.SubView(split.Start(image, channel));
            var j = begin;
            for (; j + Pieces.Lanes <= end; j += Pieces.Lanes)
            {
                for (var lane = 0; lane < Pieces.Lanes; lane++)
                {
                    var d = from[j + lane] - center;
                    lanes[lane] += squared ? d * d : d;
                }

                added++;
                if (added == Pieces.ShortSum)
                {
                    Join(lanes, ref sum, ref lost);
                    added = 0;
                }
            }

            for (; j < end; j++)
            {
                var d = from[j] - center;
                Compensated.Add(ref sum, ref lost, squared ? d * d : d);
            }
        }

        Join(lanes, ref sum, ref lost);
        return sum;
    }

    // Adds the lanes to a sum and empties them.
    private static void Join(ArrayView<float> lanes, ref float sum, ref float lost)
    {
        var joined = 0f;
        for (var lane = 0; lane < Pieces.Lanes; lane++)
        {
            joined += lanes[lane];
            lanes[lane] = 0f;
        }

        Compensated.Add(ref sum, ref lost, joined);
    }

    // The part and channel of a group of the grid channels x parts.
    private static PartValues ValuesOfGroup(BatchNormSplit split)
    {
        var (firstImage, lastImage, begin, end) = split.Part(Grid.IdxY);
        PartValues values;
        values.Count = (lastImage - firstImage) * (end - begin);
        values.Start = split.Start(firstImage, Grid.IdxX) + begin;
        values.Length = Math.Max(1, end - begin);
        values.Step = split.Channels * split.Run;
        return values;
    }

    private static Channel Sizes(int channel, ArrayView<float> weight, ArrayView<float> bias, ArrayView<float> mean, ArrayView<float> inverse)
    {
        Channel sizes;
        sizes.Center = mean[channel];
        sizes.Factor = inverse[channel] * weight[channel];
        sizes.Shift = bias[channel];
        return sizes;
    }

    // Behind a ReLU the slope counts where the result, computed again, was positive.
    private static float Masked(bool relu, float result, float slope) => relu && result <= 0f ? 0f : slope;
}

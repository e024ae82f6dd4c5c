namespace Crypson.Tests.Ops;

/// <summary>Double-precision references of the operations that are more than a formula of one element.</summary>
internal static class Reference
{
    public static Nd Softmax(Nd x, int axis, bool log)
    {
        var shifted = x - x.Max(axis);
        var sum = shifted.Map(Math.Exp).Sum(axis);
        return log ? shifted - sum.Map(Math.Log) : shifted.Map(Math.Exp) / sum;
    }

    public static Nd Conv2d(Nd x, Nd weight, Nd? bias, Size2 stride, Size2 padding, Size2 dilation)
    {
        var height = ((x.Shape[2] + (2 * padding.Height) - (dilation.Height * (weight.Shape[2] - 1)) - 1) / stride.Height) + 1;
        var width = ((x.Shape[3] + (2 * padding.Width) - (dilation.Width * (weight.Shape[3] - 1)) - 1) / stride.Width) + 1;
        return Nd.Fill([x.Shape[0], weight.Shape[0], height, width], at =>
        {
            var sum = bias?.Values[at[1]] ?? 0;
            foreach (var k in Nd.Indices(weight.Shape[1..]))
            {
                var row = (at[2] * stride.Height) - padding.Height + (k[1] * dilation.Height);
                var column = (at[3] * stride.Width) - padding.Width + (k[2] * dilation.Width);
                if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                {
                    sum += x[at[0], k[0], row, column] * weight[at[1], k[0], k[1], k[2]];
                }
            }

            return sum;
        });
    }

    public static Nd ConvTranspose2d(Nd x, Nd weight, Nd? bias, Size2 stride, Size2 padding, Size2 outputPadding, Size2 dilation)
    {
        var height = ((x.Shape[2] - 1) * stride.Height) - (2 * padding.Height) + (dilation.Height * (weight.Shape[2] - 1)) + outputPadding.Height + 1;
        var width = ((x.Shape[3] - 1) * stride.Width) - (2 * padding.Width) + (dilation.Width * (weight.Shape[3] - 1)) + outputPadding.Width + 1;
        var y = Nd.Fill([x.Shape[0], weight.Shape[1], height, width], at => bias?.Values[at[1]] ?? 0);
        foreach (var at in Nd.Indices(x.Shape))
        {
            foreach (var k in Nd.Indices(weight.Shape[1..]))
            {
                var row = (at[2] * stride.Height) - padding.Height + (k[1] * dilation.Height);
                var column = (at[3] * stride.Width) - padding.Width + (k[2] * dilation.Width);
                if (row >= 0 && row < height && column >= 0 && column < width)
                {
                    y[at[0], k[0], row, column] += x[at] * weight[at[1], k[0], k[1], k[2]];
                }
            }
        }

        return y;
    }

    public static Nd Pool2d(Nd x, Size2 kernel, Size2 stride, Size2 padding, bool max)
    {
        var height = ((x.Shape[2] + (2 * padding.Height) - kernel.Height) / stride.Height) + 1;
        var width = ((x.Shape[3] + (2 * padding.Width) - kernel.Width) / stride.Width) + 1;
        return Nd.Fill([x.Shape[0], x.Shape[1], height, width], at =>
        {
            var (best, sum) = (double.NegativeInfinity, 0.0);
            foreach (var k in Nd.Indices([kernel.Height, kernel.Width]))
            {
                var (row, column) = ((at[2] * stride.Height) - padding.Height + k[0], (at[3] * stride.Width) - padding.Width + k[1]);
                if (row >= 0 && row < x.Shape[2] && column >= 0 && column < x.Shape[3])
                {
                    best = Math.Max(best, x[at[0], at[1], row, column]);
                    sum += x[at[0], at[1], row, column];
                }
            }

            return max ? best : sum / (kernel.Height * kernel.Width);
        });
    }

    /// <summary>Per channel (axis 1): (x - mean) / √(variance + eps) · weight + bias.</summary>
    public static Nd BatchNorm(Nd x, Nd weight, Nd bias, Nd? mean, Nd? variance, double eps)
    {
        int[] perChannel = [1, x.Shape[1], .. Enumerable.Repeat(1, x.Rank - 2)];
        int[] others = [0, .. Enumerable.Range(2, x.Rank - 2)];
        var center = mean?.Reshape(perChannel) ?? x.Mean(others);
        var spread = variance?.Reshape(perChannel) ?? (x - center).Map(d => d * d).Mean(others);
        return ((x - center) / spread.Map(v => Math.Sqrt(v + eps)) * weight.Reshape(perChannel)) + bias.Reshape(perChannel);
    }

    public static Nd LayerNorm(Nd x, Nd weight, Nd bias, double eps)
    {
        var centered = x - x.Mean(x.Rank - 1);
        return (centered / centered.Map(d => d * d).Mean(x.Rank - 1).Map(v => Math.Sqrt(v + eps)) * weight) + bias;
    }

    public static Nd MinMax(Nd x, bool wholeBatch)
    {
        int[] axes = [.. Enumerable.Range(wholeBatch ? 0 : 1, wholeBatch ? x.Rank : x.Rank - 1)];
        var (low, high) = (x.Map(v => -v).Max(axes).Map(v => -v), x.Max(axes));
        return (x - low) / (high - low);
    }

    public static Nd CrossEntropy(Nd x, int[] target, bool mean)
    {
        var log = Softmax(x, 1, true);
        var sum = target.Select((label, row) => -log[row, label]).Sum();
        return Nd.Scalar(mean ? sum / target.Length : sum);
    }

    public static Nd Join(Nd losses, bool mean) => Nd.Scalar(mean ? losses.Values.Average() : losses.Values.Sum());

    public static Nd Concat(int axis, params Nd[] parts) => Nd.Fill(
        [.. parts[0].Shape.Select((size, i) => i == axis ? parts.Sum(part => part.Shape[axis]) : size)],
        at =>
        {
            var (index, part) = (at[axis], 0);
            while (index >= parts[part].Shape[axis])
            {
                index -= parts[part++].Shape[axis];
            }

            return parts[part][[.. at.Select((i, j) => j == axis ? index : i)]];
        });

    public static Nd Gather(Nd x, int axis, int[] index, int[] shape)
    {
        var places = new Nd(Array.ConvertAll(index, i => (double)i), shape);
        return Nd.Fill(shape, at => x[[.. at.Select((i, j) => j == axis ? (int)places[at] : i)]]);
    }

    public static Nd ScatterAdd(Nd x, int axis, int[] index, Nd source)
    {
        var places = new Nd(Array.ConvertAll(index, i => (double)i), source.Shape);
        var y = x.Map(v => v);
        foreach (var at in Nd.Indices(source.Shape))
        {
            y[[.. at.Select((i, j) => j == axis ? (int)places[at] : i)]] += source[at];
        }

        return y;
    }

    public static Nd Embedding(Nd table, int[] index, int[] shape)
    {
        var places = new Nd(Array.ConvertAll(index, i => (double)i), shape);
        return Nd.Fill([.. shape, table.Shape[1]], at => table[(int)places[at[..^1]], at[^1]]);
    }
}

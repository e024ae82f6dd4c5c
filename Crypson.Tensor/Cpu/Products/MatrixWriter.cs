using System.Runtime.Intrinsics;

namespace Crypson.Cpu.Products;

/// <summary>
/// Writes to a strided matrix, adds a bias per row or per column where one is given (null otherwise), and adds to the
/// old contents when accumulating.
/// </summary>
internal readonly unsafe struct MatrixWriter(
    float* target, nint rowStride, nint columnStride, float* rowBias, float* columnBias, bool accumulate) : ITileWriter
{
    private readonly float* target = target;
    private readonly float* rowBias = rowBias;
    private readonly float* columnBias = columnBias;

    public void Locate(int column, int columns, nint* offsets)
    {
    }

    public void Write(float* tile, int stride, int row, int rows, int column, int columns, nint* offsets, bool first)
    {
        var add = accumulate || !first;
        for (var r = 0; r < rows; r++)
        {
            var bias = first && rowBias != null ? rowBias[row + r] : 0;
            var biases = first && columnBias != null ? columnBias + column : null;
            var line = target + (row + r) * rowStride + column * columnStride;
            if (columnStride == 1)
            {
                WriteLine(tile + r * stride, line, columns, bias, biases, add);
            }
            else
            {
                WriteStrided(tile + r * stride, line, columns, bias, biases, add);
            }
        }
    }

    private static void WriteLine(float* tile, float* line, int columns, float bias, float* biases, bool add)
    {
        var j = 0;
        var bias8 = Vector256.Create(bias);
        for (; j <= columns - 8; j += 8)
        {
            var value = Vector256.Load(tile + j) + bias8;
            if (biases != null)
            {
                value += Vector256.Load(biases + j);
            }

            if (add)
            {
                value += Vector256.Load(line + j);
            }

            value.Store(line + j);
        }

        for (; j < columns; j++)
        {
            var value = tile[j] + bias + (biases != null ? biases[j] : 0);
            line[j] = add ? line[j] + value : value;
        }
    }

    private void WriteStrided(float* tile, float* line, int columns, float bias, float* biases, bool add)
    {
        for (var j = 0; j < columns; j++)
        {
            var value = tile[j] + bias + (biases != null ? biases[j] : 0);
            *line = add ? *line + value : value;
            line += columnStride;
        }
    }
}

namespace Crypson;

/// <summary>
/// How two operands walk over a broadcast result: axes on which both step alike are merged, so that most cases
/// become rows of contiguous or constant elements.
/// </summary>
internal sealed class Broadcast
{
    private readonly string op;
    private readonly int[] sizes;
    private readonly int[] stridesA;
    private readonly int[] stridesB;

    public Broadcast(string op, Shape a, Shape b)
    {
        this.op = op;
        Result = Shape.Broadcast(op, a, b);
        var (merged, mergedA, mergedB) = (new List<int>(), new List<int>(), new List<int>());
        var (stepA, stepB) = (1, 1);
        for (var i = 1; i <= Result.Rank; i++)
        {
            var size = Result[^i];
            var sizeA = i <= a.Rank ? a[^i] : 1;
            var sizeB = i <= b.Rank ? b[^i] : 1;
            var strideA = sizeA == 1 ? 0 : stepA;
            var strideB = sizeB == 1 ? 0 : stepB;
            (stepA, stepB) = (stepA * sizeA, stepB * sizeB);
            if (size == 1)
            {
                continue;
            }

            // Merge with the axis inside when stepping over this axis continues that one.
            if (merged.Count > 0 && strideA == mergedA[^1] * merged[^1] && strideB == mergedB[^1] * merged[^1])
            {
                merged[^1] *= size;
            }
            else
            {
                merged.Add(size);
                mergedA.Add(strideA);
                mergedB.Add(strideB);
            }
        }

        if (merged.Count == 0)
        {
            (merged, mergedA, mergedB) = ([1], [1], [1]);
        }

        // Innermost first.
        (sizes, stridesA, stridesB) = ([.. merged], [.. mergedA], [.. mergedB]);
    }

    public Shape Result { get; }

    /// <summary>Elements of a row, on which both operands have a fixed step of 0 or 1.</summary>
    public int RowLength => sizes[0];

    public int Rows => RowLength == 0 ? 0 : Result.ElementCount / RowLength;

    public bool RowStepsA => stridesA[0] != 0;

    public bool RowStepsB => stridesB[0] != 0;

    /// <summary>The same for a kernel.</summary>
    public BroadcastAxes Axes => sizes.Length <= BroadcastAxes.Most
        ? new BroadcastAxes
        {
            Inner = Axis(0),
            Second = Axis(1),
            Third = Axis(2),
            Fourth = Axis(3),
        }
        : throw new NotSupportedException($"{op}: kernels of devices step over at most {BroadcastAxes.Most} axes, this needs {sizes.Length}; move the operands with To(Device.Cpu)");

    /// <summary>Elements of a row that a work-item of a device takes.</summary>
    public int Piece(Device device) => Crypson.Pieces.Length(device, RowLength);

    /// <summary>Work-items of a device.</summary>
    public int Pieces(Device device) => Rows * Crypson.Pieces.Divide(RowLength, Piece(device));

    /// <summary>Where row number <paramref name="row"/> starts in each operand.</summary>
    public (int A, int B) RowStart(int row)
    {
        var (a, b) = (0, 0);
        for (var axis = 1; axis < sizes.Length; axis++)
        {
            var index = row % sizes[axis];
            row /= sizes[axis];
            a += index * stridesA[axis];
            b += index * stridesB[axis];
        }

        return (a, b);
    }

    private BroadcastAxis Axis(int axis) => axis < sizes.Length
        ? new BroadcastAxis { Size = sizes[axis], StepA = stridesA[axis], StepB = stridesB[axis] }
        : new BroadcastAxis { Size = 1 };
}

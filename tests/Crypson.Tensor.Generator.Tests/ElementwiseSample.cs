namespace Crypson.Tests;

/// <summary>Functions of elements with each construct that has a form for vectors.</summary>
internal readonly partial struct ElementwiseSample(float scale, float offset)
{
    private const float Half = 0.5f;
    private readonly float scale = scale;
    private readonly float offset = offset;

    [Elementwise]
    public float Choose(float x, float y)
    {
        var sum = x + y;
        var isSmall = x < Half && y <= 3f || !(sum > -1f) || float.IsNaN(y);
        sum = sum * scale - x / (y - -0f);
        return isSmall ? -sum : x == y ? Half : x != 1f && x >= y ? Limits(sum, 1f) : sum;
    }

    [Elementwise]
    public float Affine(float x) => offset == 0 ? x * scale : x * scale + offset;

    [Elementwise]
    public static float Limits(float x, float y) => MathF.Min(MathF.Max(x, -2f), MathF.Abs(y)) + MathF.Sqrt(MathF.Abs(x)) + MathF.FusedMultiplyAdd(x, y, MathF.Floor(x));
}

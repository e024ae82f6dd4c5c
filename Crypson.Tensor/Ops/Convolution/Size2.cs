namespace Crypson;

/// <summary>A height and a width: of a kernel, a stride, a padding. One number stands for both.</summary>
public readonly record struct Size2(int Height, int Width)
{
    public static implicit operator Size2(int both) => new(both, both);

    public static implicit operator Size2((int Height, int Width) pair) => new(pair.Height, pair.Width);

    public override string ToString() => Height == Width ? $"{Height}" : $"({Height}, {Width})";
}

using System.Numerics;

namespace Crypson.Models;

/// <summary>One stroke between two lifts of the pen.</summary>
/// <param name="Points">The points it passes.</param>
/// <param name="Corners">For each point, whether the direction may jump there.</param>
internal sealed record GlyphStroke(Vector2[] Points, bool[] Corners);

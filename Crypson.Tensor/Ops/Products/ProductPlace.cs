namespace Crypson;

/// <summary>One index's share of an element's place: elements from the start of the array, rows and columns in the window.</summary>
internal readonly record struct ProductPlace(int Offset, int Y, int X);

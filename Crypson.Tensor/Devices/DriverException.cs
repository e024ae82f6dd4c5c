namespace Crypson;

/// <summary>A driver refused a call, or a kernel could not be built.</summary>
public sealed class DriverException(string message) : Exception(message);

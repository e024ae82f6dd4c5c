namespace Crypson.Cli;

/// <summary>What the program returns.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}

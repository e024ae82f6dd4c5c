using System.Runtime.InteropServices;

namespace Crypson.Cli;

/// <summary>
/// While it lives, the first Ctrl-C (or SIGTERM) asks the work to stop at a good place; the second one ends the program.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const string ShowCursor = "\e[?25h";

    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Terminal terminal;

    /// <param name="terminal">Is told what happens.</param>
    public Interrupt(Terminal terminal)
    {
        this.terminal = terminal;
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <exception cref="OperationCanceledException">A signal has come.</exception>
    public void ThrowIfRequested() => Token.ThrowIfCancellationRequested();

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
        {
            if (terminal.ErrorIsTerminal)
            {
                Console.Error.WriteLine(ShowCursor);
            }

            Environment.Exit(ExitCode.Interrupted);
        }

        source.Cancel();
    }
}

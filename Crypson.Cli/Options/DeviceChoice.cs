using System.CommandLine;
using System.Globalization;

namespace Crypson.Cli;

/// <summary>
/// What <c>--device</c> says. A name is looked up at once, so that a wrong one is refused before any work; the automatic
/// choice is made, and either is told, when the work begins.
/// </summary>
internal sealed class DeviceChoice
{
    private const string Automatic = "auto";
    private readonly Candidate? chosen;

    /// <param name="name">The option's value; null if it was left out.</param>
    /// <exception cref="UsageException">No device can have this name.</exception>
    /// <exception cref="NotSupportedException">The device is not there; the message says why.</exception>
    public DeviceChoice(string? name) => chosen = (name ?? Automatic) == Automatic ? null : name == "cpu" ? Candidate.Cpu : Find(name!, All());

    /// <summary><c>--device</c>.</summary>
    public static Option<string?> Option() => Options.Text(
        "--device", "NAME", "Where networks run: cpu, opencl[:i], cuda[:i], or auto, also if left out: a GPU if there is one. See 'crypson devices'.");

    /// <summary>The device; says which one and why.</summary>
    public Device Use(Terminal terminal)
    {
        var (candidate, reason) = chosen is null ? Automatically(All()) : (chosen, "as --device says");
        terminal.Note($"device {candidate.Name} ({candidate.Device!.Description}): {reason}");
        return terminal.Device = candidate.Device;
    }

    /// <summary>CUDA if one works, else a GPU through OpenCL, else the CPU. OpenCL on a CPU is slower than our own code for it.</summary>
    /// <param name="candidates">The devices, and drivers that have none.</param>
    /// <returns>The device and the reason.</returns>
    internal static (Candidate Candidate, string Reason) Automatically(IReadOnlyList<Candidate> candidates)
    {
        var others = new List<string>();
        foreach (var candidate in candidates.Where(candidate => candidate.Driver is "cuda" or "opencl").OrderBy(candidate => candidate.Driver == "cuda" ? 0 : 1))
        {
            var against = candidate.Reason is not null ? "is not available"
                : candidate.Kind != DeviceKind.Gpu ? "is not a GPU"
                : KernelTrial.Fault(candidate.Device!) is not null ? "cannot run kernels"
                : null;
            if (against is null)
            {
                return (candidate, candidate.Driver == "cuda" ? "auto, CUDA works" : $"auto, OpenCL has a GPU, {string.Join(", ", others)}");
            }

            others.Add($"{candidate.Name} {against}");
        }

        return (candidates.Single(candidate => candidate.Driver == "cpu"), $"auto, {string.Join(", ", others)}");
    }

    /// <summary>The device of a name such as <c>opencl</c>, the first one of OpenCL, or <c>cuda:1</c>.</summary>
    /// <exception cref="UsageException">No device can have this name.</exception>
    /// <exception cref="NotSupportedException">The device is not there; the message says why.</exception>
    internal static Candidate Find(string name, IReadOnlyList<Candidate> candidates)
    {
        var parts = name.Split(':');
        if (parts.Length > 2 || !(name == "cpu" || (parts[0] != "cpu" && candidates.Any(candidate => candidate.Driver == parts[0])))
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new UsageException($"--device: there is no device '{name}'\n  hint: {Present()}");
        }

        var ofDriver = candidates.Where(candidate => candidate.Driver == parts[0]).ToList();
        var found = parts.Length == 2
            ? ofDriver.FirstOrDefault(candidate => candidate.Name == name || !candidate.Name.Contains(':'))
            : ofDriver.FirstOrDefault(candidate => candidate.Reason is null) ?? ofDriver[0];
        return found is { Reason: null }
            ? found
            : throw new NotSupportedException($"--device: {name} is not available: {found?.Reason ?? $"there is no other than {string.Join(", ", ofDriver.Select(candidate => candidate.Name))}"}\n  hint: {Present()}");

        // Opens them all, so only when the name is wrong.
        string Present() => $"the devices are {string.Join(", ", candidates.Where(candidate => candidate.Reason is null).Select(candidate => candidate.Name))}; see 'crypson devices'";
    }

    private static List<Candidate> All() => [.. DeviceList.Reports.Select(report => new Candidate(
        report.Name, () => (report.Device?.Info.Kind ?? DeviceKind.Accelerator, report.Device is null ? report.Reason : null, report.Device)))];

    /// <summary>A device, or a driver without one. The device is opened when first asked about.</summary>
    /// <param name="name">Such as <c>cuda:0</c>, or <c>cuda</c> for the driver.</param>
    /// <param name="open">What <see cref="Kind"/>, <see cref="Reason"/> and <see cref="Device"/> are.</param>
    internal sealed class Candidate(string name, Func<(DeviceKind Kind, string? Reason, Device? Device)> open)
    {
        private readonly Lazy<(DeviceKind Kind, string? Reason, Device? Device)> opened = new(open);

        /// <summary>The processor; no driver is looked for.</summary>
        public static Candidate Cpu { get; } = new("cpu", () => (DeviceKind.Cpu, null, Crypson.Device.Cpu));

        /// <summary>The device's name or the driver's.</summary>
        public string Name => name;

        /// <summary>The name without a number.</summary>
        public string Driver => name.Split(':')[0];

        /// <summary>What it is.</summary>
        public DeviceKind Kind => opened.Value.Kind;

        /// <summary>Why it is not there; null if it is.</summary>
        public string? Reason => opened.Value.Reason;

        /// <summary>The device if it is there.</summary>
        public Device? Device => opened.Value.Device;
    }
}

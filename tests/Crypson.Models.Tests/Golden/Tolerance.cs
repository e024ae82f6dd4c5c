using System.Text.Json;

namespace Crypson.Models.Tests.Golden;

/// <summary>What the manifest allows one output to differ by.</summary>
internal sealed record Tolerance(double Absolute, double Relative)
{
    public static Tolerance Read(JsonElement output) =>
        new(output.GetProperty("atol").GetDouble(), output.GetProperty("rtol").GetDouble());

    /// <summary>How much of what is allowed the difference uses up: 1 is the limit, NaN never passes.</summary>
    public double Used(double want, double got) => Math.Abs(got - want) / (Absolute + (Relative * Math.Abs(want)));
}

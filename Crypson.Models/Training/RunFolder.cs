using System.Text;
using Crypson.Nn;

namespace Crypson.Models;

/// <summary>The folder of one training run: configuration, metrics, checkpoints, sample pictures.</summary>
/// <param name="path">The folder.</param>
public sealed class RunFolder(string path)
{
    public string Path => path;

    public string ConfigPath => System.IO.Path.Combine(path, "config.json");

    /// <summary>The newest checkpoint.</summary>
    public string LastPath => System.IO.Path.Combine(path, "checkpoints", "last.safetensors");

    /// <summary>The checkpoint with the best validation value.</summary>
    public string BestPath => System.IO.Path.Combine(path, "checkpoints", "best.safetensors");

    /// <summary>Whether a run was started here before.</summary>
    public bool HoldsRun => File.Exists(ConfigPath) || File.Exists(LastPath);

    /// <summary>Makes the folder and writes the configuration. What a killed run left half-written goes.</summary>
    public void Start(CrypsonConfig config)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(path, "checkpoints"));
        AtomicFile.DeleteLeftovers(path);
        AtomicFile.Write(ConfigPath, stream => stream.Write(Encoding.UTF8.GetBytes(config.ToJson() + "\n")));
    }

    /// <summary>Takes away checkpoints and metrics, so that the run starts again.</summary>
    public void Clear()
    {
        foreach (var file in (string[])[LastPath, BestPath, System.IO.Path.Combine(path, "metrics.jsonl"), System.IO.Path.Combine(path, "metrics.csv")])
        {
            File.Delete(file);
        }
    }

    /// <summary>Where the sample picture of an epoch goes.</summary>
    public string SamplePath(int epoch) => System.IO.Path.Combine(path, "samples", $"epoch-{epoch:000}.png");
}

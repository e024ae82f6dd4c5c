using Crypson.Models;
using Crypson.Nn;

namespace Crypson.Cli;

/// <summary>Finds models and checkpoints: a file, a run folder, or the model that ships beside the program.</summary>
internal static class ModelFiles
{
    private const string ModelName = "model.safetensors";

    /// <summary>Where the model lies that is used when none is named.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "models", "crypson.safetensors");

    /// <summary>The file of a model: the one given, that of a run folder of <c>train all</c>, or the shipped one.</summary>
    /// <exception cref="IOException">It does not exist.</exception>
    public static string Find(string? path)
    {
        if (path is null)
        {
            return File.Exists(DefaultPath) ? DefaultPath : throw new FileNotFoundException(
                "there is no model beside the program\n  hint: train one with 'crypson train all --preset small --run runs/mine' and give it with --model runs/mine");
        }

        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? path : throw new FileNotFoundException($"there is no model file '{path}'\n  hint: leave --model out to use the model that ships with crypson");
        }

        var inside = Path.Combine(path, ModelName);
        return File.Exists(inside) ? inside : throw new FileNotFoundException(
            $"the folder '{path}' has no {ModelName}\n  hint: it appears there when 'crypson train all --run {path}' has finished; 'crypson model build' joins single runs");
    }

    /// <summary>Loads a model.</summary>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="SafetensorsException">It is no sound model.</exception>
    public static CrypsonModel Load(string? path) => CrypsonModel.Load(Find(path));

    /// <summary>The file that holds a network: a model or checkpoint file, or a run folder with one.</summary>
    /// <param name="path">A file, a folder of <c>train all</c> or of the one task, or null for the shipped model.</param>
    /// <param name="task">The task that trains the network.</param>
    /// <param name="option">The option it was given with, for errors.</param>
    /// <exception cref="IOException">It does not exist.</exception>
    public static string FindNetwork(string? path, string task, string option)
    {
        if (path is null)
        {
            return File.Exists(DefaultPath) ? DefaultPath : throw new FileNotFoundException(
                $"there is no model beside the program to take the {(task == "cgan" ? "generator" : task)} from\n  hint: train one with 'crypson train {task}' and give its run folder with {option}");
        }

        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? path : throw new FileNotFoundException($"{option}: there is no file or folder '{path}'\n  hint: give the run folder of 'crypson train {task}', one of its checkpoints, or a model");
        }

        string[] candidates = [Checkpoint(path, task), Checkpoint(Path.Combine(path, task), task), Path.Combine(path, ModelName)];
        return candidates.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException(
            $"{option}: the folder '{path}' has no {task} checkpoint\n  hint: give the run folder of 'crypson train {task}'");
    }

    // The newest generator draws best; for the others the best validation counts.
    private static string Checkpoint(string folder, string task)
    {
        var run = new RunFolder(folder);
        return task == "cgan" || !File.Exists(run.BestPath) ? run.LastPath : run.BestPath;
    }
}

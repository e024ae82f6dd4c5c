using System.CommandLine;

namespace Crypson.Cli;

/// <summary><c>crypson train cgan|vae|classifier|all</c>.</summary>
internal static class TrainCommand
{
    public static Command Create(Terminal terminal) => new ExampleCommand("train", "Train the networks, one by one or all of them.", "crypson train all --preset small --run runs/mine", "crypson train cgan --data emnist --epochs 20")
    {
        CreateTask(terminal, "cgan", "Train the generator against the discriminator.", "crypson train cgan --data emnist --split balanced --epochs 20", "crypson train cgan --run runs/cgan-1 --resume"),
        CreateTask(terminal, "vae", "Train the VAE on letters that a generator draws.", "crypson train vae --generator runs/cgan-1", "crypson train vae --data emnist --set vae.images=real"),
        CreateTask(terminal, "classifier", "Train the classifier on latents of drawn letters.", "crypson train classifier --generator runs/cgan-1 --vae runs/vae-1"),
        CreateTask(terminal, "all", "Train all three, one after the other, and join them into RUN/model.safetensors.", "crypson train all --preset small --run runs/mine", "crypson train all --run runs/mine --resume", "crypson train all --data emnist --set cgan.epochs=20 --set vae.epochs=10 --time-budget 2h"),
    };

    private static ExampleCommand CreateTask(Terminal terminal, string task, string description, params string[] examples)
    {
        var command = new ExampleCommand(task, description, examples);
        var options = new TrainingOptions(command, task);
        command.SetAction(result => new TrainingSession(terminal, options.Read(result, terminal)).Run());
        return command;
    }
}

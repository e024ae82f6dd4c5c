using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>The training steps of the golden model cases; results by the manifest's names, gradients and updates included.</summary>
internal static class TrainingSteps
{
    public static Dictionary<string, Tensor> Discriminator(
        Generator generator, Discriminator discriminator, Tensor real, IndexTensor label, Tensor noise, Optimizer optimizer)
    {
        Tensor fake;
        using (Tensor.NoGrad())
        {
            fake = generator.Forward(noise, label);
        }

        var (isReal, isFake) = (discriminator.Forward(real, label), discriminator.Forward(fake, label));
        var realLoss = isReal.BinaryCrossEntropy(Tensor.Ones(isReal.Shape, isReal.Device));
        var fakeLoss = isFake.BinaryCrossEntropy(Tensor.Zeros(isFake.Shape, isFake.Device));
        var loss = realLoss + fakeLoss;
        Update(loss, discriminator, optimizer);
        var results = new Dictionary<string, Tensor>
        {
            ["real_loss"] = realLoss,
            ["fake_loss"] = fakeLoss,
            ["d_loss"] = loss,
            ["fake"] = fake,
            ["d_real"] = isReal,
            ["d_fake"] = isFake,
        };
        AddState(results, discriminator);
        AddState(results, generator, buffersOnly: true);
        return results;
    }

    public static Dictionary<string, Tensor> Generator(
        Generator generator, Discriminator discriminator, IndexTensor label, Tensor noise, Optimizer optimizer)
    {
        var fake = generator.Forward(noise, label);
        discriminator.RequireGrad(false);
        var isFake = discriminator.Forward(fake, label);
        var loss = isFake.BinaryCrossEntropy(Tensor.Ones(isFake.Shape, isFake.Device));
        Update(loss, generator, optimizer);
        discriminator.RequireGrad(true);
        var results = new Dictionary<string, Tensor> { ["g_loss"] = loss, ["fake"] = fake, ["d_fake"] = isFake };
        AddState(results, generator);
        return results;
    }

    public static Dictionary<string, Tensor> Vae(Vae vae, Tensor image, Tensor noise, float klWeight, Optimizer optimizer)
    {
        var (reconstruction, mean, logVariance) = vae.Forward(image, noise);
        var (loss, reconstructionLoss, kl) = Models.Vae.Loss(reconstruction, image, mean, logVariance, klWeight);
        Update(loss, vae, optimizer);
        var results = new Dictionary<string, Tensor>
        {
            ["recon_loss"] = reconstructionLoss,
            ["kl_loss"] = kl,
            ["loss"] = loss,
            ["recon"] = reconstruction,
            ["mu"] = mean,
            ["log_var"] = logVariance,
        };
        AddState(results, vae);
        return results;
    }

    public static Dictionary<string, Tensor> Classifier(Classifier classifier, Tensor latent, IndexTensor label, Optimizer optimizer)
    {
        var logits = classifier.Forward(latent);
        var loss = logits.CrossEntropy(label);
        Update(loss, classifier, optimizer);
        var results = new Dictionary<string, Tensor> { ["loss"] = loss, ["logits"] = logits };
        AddState(results, classifier);
        return results;
    }

    /// <summary>The losses of <paramref name="steps"/> steps of both networks, alternating.</summary>
    public static Tensor CganLosses(
        Generator generator, Discriminator discriminator, Tensor real, IndexTensor label, Tensor noiseD, Tensor noiseG, int steps,
        Optimizer generatorOptimizer, Optimizer discriminatorOptimizer) => Losses(steps, i => [
            Discriminator(generator, discriminator, real, label, Rotate(noiseD, i), discriminatorOptimizer)["d_loss"],
            Generator(generator, discriminator, label, Rotate(noiseG, i), generatorOptimizer)["g_loss"]]);

    /// <summary>The losses of <paramref name="steps"/> steps.</summary>
    public static Tensor VaeLosses(Vae vae, Tensor image, Tensor noise, int steps, Optimizer optimizer) =>
        Losses(steps, i => [Vae(vae, image, Rotate(noise, i), 0.7f, optimizer)["loss"]]);

    /// <summary>The losses of <paramref name="steps"/> steps.</summary>
    public static Tensor ClassifierLosses(Classifier classifier, Tensor latent, IndexTensor label, int steps, Optimizer optimizer) =>
        Losses(steps, _ => [Classifier(classifier, latent, label, optimizer)["loss"]]);

    private static Tensor Losses(int steps, Func<int, Tensor[]> step) =>
        Tensor.FromSpan([.. Enumerable.Range(0, steps).SelectMany(i => step(i)).Select(loss => loss.Item())]);

    private static void Update(Tensor loss, Module trained, Optimizer optimizer)
    {
        trained.ZeroGrad();
        loss.Backward();
        optimizer.Step();
    }

    // Row r of step i is row (r - i) mod n.
    private static Tensor Rotate(Tensor rows, int by)
    {
        var n = rows.Shape[0];
        var shift = by % n;
        return shift == 0 ? rows : Tensor.Concat([rows.Slice(0, n - shift, shift), rows.Slice(0, 0, n - shift)]);
    }

    private static void AddState(Dictionary<string, Tensor> results, Module module, bool buffersOnly = false)
    {
        foreach (var (name, value) in buffersOnly ? [] : module.NamedParameters())
        {
            results.Add($"param:{name}", value);
            if (value.Grad is { } gradient)
            {
                results.Add($"grad:{name}", gradient);
            }
        }

        foreach (var (name, value) in module.NamedBuffers())
        {
            results.Add($"buffer:{name}", value);
        }
    }
}

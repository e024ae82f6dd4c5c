using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>Computes the outputs of the manifest's model cases, whose weights are stored in full.</summary>
internal static class TinyModels
{
    /// <summary>Every output of a case; null when its operation is not one of a model.</summary>
    public static Dictionary<string, Tensor>? Run(GoldenCase item) => item.Op switch
    {
        "cgan_d_step" => Discriminator(item),
        "cgan_g_step" => Generator(item),
        "vae_step" => Vae(item),
        "classifier_step" => Classifier(item),
        "cgan_losses" => CganLosses(item, Start(item)),
        "vae_losses" => VaeLosses(item, Start(item)),
        "classifier_losses" => ClassifierLosses(item, Start(item)),
        "pipeline" => Pipeline(item),
        _ => null,
    };

    private static Dictionary<string, Tensor> Discriminator(GoldenCase item)
    {
        var discriminator = Load(item, MakeDiscriminator(item.Parameters), "D");
        return TrainingSteps.Discriminator(
            Load(item, MakeGenerator(item.Parameters), "G"), discriminator, item.Input("real"), item.Indices("label"), item.Input("noise_d"),
            Optimizer(item, discriminator));
    }

    private static Dictionary<string, Tensor> Generator(GoldenCase item)
    {
        var generator = Load(item, MakeGenerator(item.Parameters), "G");
        return TrainingSteps.Generator(
            generator, Load(item, MakeDiscriminator(item.Parameters), "D"), item.Indices("label"), item.Input("noise_g"), Optimizer(item, generator));
    }

    private static Dictionary<string, Tensor> Vae(GoldenCase item)
    {
        var vae = Load(item, MakeVae(item.Parameters), "V");
        return TrainingSteps.Vae(vae, item.Input("image"), item.Input("eps"), item.Parameters.Single("kl_weight"), Optimizer(item, vae));
    }

    private static Dictionary<string, Tensor> Classifier(GoldenCase item)
    {
        var classifier = Load(item, MakeClassifier(item.Parameters), "C");
        return TrainingSteps.Classifier(classifier, item.Input("latent"), item.Indices("label"), Optimizer(item, classifier));
    }

    private static Dictionary<string, Tensor> CganLosses(GoldenCase item, GoldenCase start)
    {
        var generator = Load(start, MakeGenerator(start.Parameters), "G");
        var discriminator = Load(start, MakeDiscriminator(start.Parameters), "D");
        return new()
        {
            ["losses"] = TrainingSteps.CganLosses(
                generator, discriminator, start.Input("real"), start.Indices("label"), start.Input("noise_d"), item.Input("noise_g"),
                item.Parameters.Integer("steps"), Optimizer(start, generator), Optimizer(start, discriminator)),
        };
    }

    private static Dictionary<string, Tensor> VaeLosses(GoldenCase item, GoldenCase start)
    {
        var vae = Load(start, MakeVae(start.Parameters), "V");
        return new()
        {
            ["losses"] = TrainingSteps.VaeLosses(
                vae, start.Input("image"), start.Input("eps"), item.Parameters.Integer("steps"), Optimizer(start, vae)),
        };
    }

    private static Dictionary<string, Tensor> ClassifierLosses(GoldenCase item, GoldenCase start)
    {
        var classifier = Load(start, MakeClassifier(start.Parameters), "C");
        return new()
        {
            ["losses"] = TrainingSteps.ClassifierLosses(
                classifier, start.Input("latent"), start.Indices("label"), item.Parameters.Integer("steps"), Optimizer(start, classifier)),
        };
    }

    private static Dictionary<string, Tensor> Pipeline(GoldenCase item)
    {
        var generator = Stored(item, MakeGenerator(item.Parameters), "G");
        var vae = Stored(item, MakeVae(item.Parameters), "V");
        var classifier = Stored(item, MakeClassifier(item.Parameters), "C");
        var embedding = new TimeEmbedding(TimeEmbeddingKind.Continuous, new Philox(0), item.Parameters.Integer("latent"));
        embedding.To(item.Device);
        CopyState(embedding, name => item.Input(TimeInput(name)));
        var image = generator.Forward(item.Input("noise"), item.Indices("label"));
        var (mean, logVariance) = vae.Encoder.Forward(image.MinMaxNormalize(wholeBatch: true));
        var time = embedding.Forward(Operations.Times(item));
        var cipher = mean + time;
        var recovered = cipher - time;
        return new()
        {
            ["image"] = image,
            ["mu"] = mean,
            ["log_var"] = logVariance,
            ["time"] = time,
            ["cipher"] = cipher,
            ["recovered"] = recovered,
            ["logits"] = classifier.Forward(recovered),
            ["decoded"] = vae.Decoder.Forward(mean),
        };
    }

    private static string TimeInput(string name) => name switch
    {
        "net.0.weight" => "w0",
        "net.0.bias" => "b0",
        "net.2.weight" => "w1",
        "net.2.bias" => "b1",
        "net.4.weight" => "w2",
        "net.4.bias" => "b2",
        _ => throw new NotSupportedException($"the time embedding has an unknown parameter {name}"),
    };

    private static GoldenCase Start(GoldenCase item) => item.Set.Case(item.Parameters.Text("start_from"), item.Device);

    private static Generator MakeGenerator(Parameters parameters) => new(
        parameters.Integer("num_classes"), new Philox(0), parameters.Integer("z_dim"), parameters.Integers("generator_channels"));

    private static Discriminator MakeDiscriminator(Parameters parameters) => new(
        parameters.Integer("num_classes"), new Philox(0), parameters.Integers("discriminator_hidden"), parameters.Integer("image"));

    private static Vae MakeVae(Parameters parameters) => new(
        new Philox(0), parameters.Integers("hidden"), parameters.Integer("latent"), parameters.Integer("image"));

    // The published code leaves the decoder's batch norms in training mode, and so do the golden cases.
    private static Classifier MakeClassifier(Parameters parameters) => new(
        parameters.Integer("num_classes"), new Philox(0), parameters.Integers("hidden"), parameters.Integer("latent"), parameters.Integer("wide"),
        dropout: 0, frozenStatistics: false, parameters.Has("image") ? parameters.Integer("image") : 32);

    private static Optimizer Optimizer(GoldenCase item, Module module)
    {
        var decoupled = item.Parameters.Has("adamw");
        return Operations.MakeAdam(
            module.NamedParameters().Where(parameter => parameter.Value.RequiresGrad), item.Parameters.Group(decoupled ? "adamw" : "adam"), decoupled);
    }

    private static TModule Load<TModule>(GoldenCase item, TModule module, string network)
        where TModule : Module
    {
        module.To(item.Device);
        CopyState(module, name => item.Input($"{network}.{name}"));
        return module;
    }

    private static TModule Stored<TModule>(GoldenCase item, TModule module, string network)
        where TModule : Module
    {
        module.To(item.Device);
        CopyState(module, name => item.Stored(item.WeightsFrom(network) + name));
        module.Eval();
        return module;
    }

    private static void CopyState(Module module, Func<string, Tensor> value)
    {
        using var noGrad = Tensor.NoGrad();
        foreach (var (name, tensor) in module.State())
        {
            tensor.CopyFrom(value(name));
        }
    }
}

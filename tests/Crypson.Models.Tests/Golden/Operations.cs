using Crypson.Nn;

namespace Crypson.Models.Tests.Golden;

/// <summary>Computes the outputs of the manifest's single operations.</summary>
internal static class Operations
{
    /// <summary>Every output of a case, the gradients of its inputs included.</summary>
    public static Dictionary<string, Tensor> Run(GoldenCase item)
    {
        var results = Forward(item);
        var gradients = item.InputNames.Where(name => item.Wants("grad_" + name)).ToList();
        if (gradients.Count > 0)
        {
            results["y"].Backward(item.Optional("gy"));
            foreach (var name in gradients)
            {
                results.Add("grad_" + name, item.Input(name).Grad ?? throw new InvalidOperationException($"no gradient reached {name}"));
            }
        }

        return results;
    }

    private static Dictionary<string, Tensor> Forward(GoldenCase item) => item.Op switch
    {
        "conv2d" => One(Conv2d(item)),
        "conv_transpose2d" => One(ConvTranspose2d(item)),
        "batchnorm2d_train" => BatchNorm(item, true),
        "batchnorm2d_eval" => BatchNorm(item, false),
        "linear" => One(item.Input("x").Linear(item.Input("weight"), item.Optional("bias"))),
        "matmul" => One(item.Input("a").MatMul(item.Input("b"), item.Parameters.Flag("transpose_a"), item.Parameters.Flag("transpose_b"))),
        "relu" => One(item.Input("x").Relu()),
        "leaky_relu" => One(item.Input("x").LeakyRelu(item.Parameters.Single("negative_slope"))),
        "tanh" => One(item.Input("x").Tanh()),
        "sigmoid" => One(item.Input("x").Sigmoid()),
        "silu" => One(item.Input("x").Silu()),
        "softmax" => Softmax(item),
        "cross_entropy" => One(item.Input("x").CrossEntropy(item.Indices("target"), item.Parameters.Reduction)),
        "binary_cross_entropy" => One(item.Input("x").BinaryCrossEntropy(item.Input("target"), item.Parameters.Reduction)),
        "embedding" => One(item.Input("weight").Embedding(item.Indices("index"))),
        "concat" => One(Tensor.Concat([.. item.InputNames.Where(name => name != "gy").Select(item.Input)], item.Parameters.Integer("axis"))),
        "kl_standard_normal" => One(Tensor.KlStandardNormal(item.Input("mu"), item.Input("log_var"))),
        "reparameterize" => One(item.Input("mu") + (item.Input("eps") * (item.Input("log_var") * 0.5f).Exp())),
        "minmax_normalize" => One(item.Input("x").MinMaxNormalize(WholeBatch(item.Parameters.Text("scope")))),
        "linear_relu_linear_cross_entropy" => One(Head(item).CrossEntropy(item.Indices("target"), item.Parameters.Reduction)),
        "dropout_masked" => One(item.Input("x") * item.Input("mask") / (float)(1 - item.Parameters.Number("p"))),
        "time_embedding" => TimeEmbedding(item),
        "adam" => Adam(item, false),
        "adamw" => Adam(item, true),
        var other => throw new NotSupportedException($"{item.Id}: unknown operation {other}"),
    };

    private static Dictionary<string, Tensor> One(Tensor y) => new() { ["y"] = y };

    private static Tensor Conv2d(GoldenCase item)
    {
        var parameters = item.Parameters;
        return item.Input("x").Conv2d(
            item.Input("weight"), item.Optional("bias"), parameters.Size("stride", 1), parameters.Size("padding", 0), parameters.Size("dilation", 1));
    }

    private static Tensor ConvTranspose2d(GoldenCase item)
    {
        var parameters = item.Parameters;
        return item.Input("x").ConvTranspose2d(
            item.Input("weight"), item.Optional("bias"), parameters.Size("stride", 1), parameters.Size("padding", 0),
            parameters.Size("output_padding", 0), parameters.Size("dilation", 1));
    }

    private static Dictionary<string, Tensor> BatchNorm(GoldenCase item, bool training)
    {
        var (mean, variance) = (item.Input("running_mean").Clone(), item.Input("running_var").Clone());
        var y = item.Input("x").BatchNorm(
            item.Input("weight"), item.Input("bias"), mean, variance, training, item.Parameters.Single("momentum"), item.Parameters.Single("eps"));
        return new() { ["y"] = y, ["new_running_mean"] = mean, ["new_running_var"] = variance };
    }

    private static Dictionary<string, Tensor> Softmax(GoldenCase item)
    {
        var axis = item.Parameters.Integer("axis");
        return new() { ["y"] = item.Input("x").Softmax(axis), ["log_softmax"] = item.Input("x").LogSoftmax(axis) };
    }

    private static bool WholeBatch(string scope) => scope switch
    {
        "per_image" => false,
        "batch" => true,
        _ => throw new NotSupportedException($"unknown scope {scope}"),
    };

    private static Tensor Head(GoldenCase item) =>
        item.Input("x").Linear(item.Input("w1"), item.Input("b1")).Relu().Linear(item.Input("w2"), item.Input("b2"));

    private static Dictionary<string, Tensor> TimeEmbedding(GoldenCase item)
    {
        var sinusoid = Models.TimeEmbedding.Sinusoid(Times(item), item.Parameters.Integer("dim")).To(item.Device);
        var hidden = sinusoid.Linear(item.Input("w0"), item.Input("b0")).Silu().Linear(item.Input("w1"), item.Input("b1")).Silu();
        return new() { ["sinusoid"] = sinusoid, ["y"] = hidden.Linear(item.Input("w2"), item.Input("b2")) };
    }

    /// <summary>The input t as whole numbers.</summary>
    public static ulong[] Times(GoldenCase item) => Array.ConvertAll(item.Input("t").ToArray(), value => checked((ulong)value));

    private static Dictionary<string, Tensor> Adam(GoldenCase item, bool decoupled)
    {
        var (parameters, parameter, gradients) = (item.Parameters, item.Input("param"), item.Input("grads"));
        parameter.RequiresGrad = true;
        var optimizer = MakeAdam([("param", parameter)], parameters, decoupled);
        var wanted = parameters.Integers("steps");
        var results = new Dictionary<string, Tensor>();
        for (var step = 1; step <= wanted.Max(); step++)
        {
            optimizer.ZeroGrad();
            parameter.Backward(gradients.Slice(0, step - 1, 1).Reshape(parameter.Shape.Sizes));
            optimizer.Step();
            if (wanted.Contains(step))
            {
                using var stream = new MemoryStream();
                var writer = new SafetensorsWriter();
                optimizer.Save(writer, string.Empty);
                writer.Write(stream);
                var saved = SafetensorsFile.Read(stream.ToArray(), "moments");
                results.Add($"param_{step}", parameter.Clone());
                results.Add($"exp_avg_{step}", Tensor.FromSpan(saved["exp_avg.param"].ToSingles(), parameter.Shape));
                results.Add($"exp_avg_sq_{step}", Tensor.FromSpan(saved["exp_avg_sq.param"].ToSingles(), parameter.Shape));
            }
        }

        return results;
    }

    /// <summary>The optimiser that a case's hyper-parameters describe.</summary>
    public static Optimizer MakeAdam(IEnumerable<(string Name, Tensor Value)> values, Parameters parameters, bool decoupled)
    {
        var (rate, beta1, beta2) = (parameters.Number("lr"), parameters.Number("beta1"), parameters.Number("beta2"));
        var (eps, decay) = (parameters.Number("eps"), parameters.Number("weight_decay"));
        return decoupled ? new AdamW(values, rate, beta1, beta2, eps, decay) : new Adam(values, rate, beta1, beta2, eps, decay);
    }
}

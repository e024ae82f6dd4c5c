namespace Crypson.Nn.Tests.Optimizers;

/// <summary>Updates against the formulas in double precision, and states that resume to the bit.</summary>
public sealed class OptimizerTests
{
    private const int Steps = 25;

    public static TheoryData<string> Kinds => ["sgd", "sgd decay", "sgd momentum", "sgd nesterov", "adam", "adam decay", "adamw"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Updates_follow_the_formula(string kind)
    {
        var parameter = Start();
        var optimizer = Make(kind, parameter);
        var want = Array.ConvertAll(parameter.ToArray(), value => (double)value);
        var (first, second) = (new double[want.Length], new double[want.Length]);
        for (var step = 1; step <= Steps; step++)
        {
            var gradient = Gradient(step);
            Apply(optimizer, parameter, gradient);
            for (var i = 0; i < want.Length; i++)
            {
                Update(kind, step, ref want[i], gradient[i], ref first[i], ref second[i]);
            }

            var got = parameter.ToArray();
            for (var i = 0; i < want.Length; i++)
            {
                // A step rounds a few times, relative to the parameter and to the step.
                Assert.Equal(want[i], got[i], 1e-7 * step * (1 + Math.Abs(want[i])));
            }
        }

        Assert.Equal(Steps, optimizer.StepCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_state_resumes_to_the_bit(string kind)
    {
        var whole = Start();
        var wholeOptimizer = Make(kind, whole);
        var part = Start();
        var partOptimizer = Make(kind, part);
        for (var step = 1; step <= 7; step++)
        {
            Apply(wholeOptimizer, whole, Gradient(step));
            Apply(partOptimizer, part, Gradient(step));
        }

        var writer = new SafetensorsWriter();
        partOptimizer.Save(writer, "optimizer.");
        using var stream = new MemoryStream();
        writer.Write(stream);
        var resumed = Tensor.FromSpan(part.ToArray());
        resumed.RequiresGrad = true;
        var resumedOptimizer = Make(kind, resumed);
        var reader = new StateReader(SafetensorsFile.Read(stream.ToArray(), "state"));
        resumedOptimizer.Load(reader, "optimizer.");
        reader.RequireNothingLeft();
        Assert.Equal(7, resumedOptimizer.StepCount);
        for (var step = 8; step <= 15; step++)
        {
            Apply(wholeOptimizer, whole, Gradient(step));
            Apply(resumedOptimizer, resumed, Gradient(step));
        }

        Assert.Equal(whole.ToArray(), resumed.ToArray());
    }

    [Fact]
    public void A_step_without_gradients_is_refused_and_not_counted()
    {
        var optimizer = Make("adam", Start());
        Assert.Contains("Backward()", Assert.Throws<InvalidOperationException>(optimizer.Step).Message);
        Assert.Equal(0, optimizer.StepCount);
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        var (used, unused) = (Start(), Start());
        var optimizer = new Adam([("used", used), ("unused", unused)]);
        used.Backward(Tensor.Ones(used.Shape));
        optimizer.Step();
        Assert.Equal(Start().ToArray(), unused.ToArray());
        Assert.NotEqual(Start().ToArray(), used.ToArray());
        optimizer.ZeroGrad();
        Assert.Null(used.Grad);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        (string, Tensor)[] parameters = [("p", Start())];
        Assert.Throws<ArgumentException>(() => new Adam([]));
        Assert.Throws<ArgumentException>(() => new Adam(parameters, learningRate: 0));
        Assert.Throws<ArgumentException>(() => new Adam(parameters, learningRate: double.NaN));
        Assert.Throws<ArgumentException>(() => new Adam(parameters, beta1: 1));
        Assert.Throws<ArgumentException>(() => new AdamW(parameters, weightDecay: -1));
        Assert.Throws<ArgumentException>(() => new Sgd(parameters, 0.1, momentum: 1));
        Assert.Throws<ArgumentException>(() => new Sgd(parameters, 0.1, nesterov: true));
    }

    [Fact]
    public void Clipping_by_norm_scales_all_gradients_together()
    {
        var (a, b) = (Start(), Start());
        a.Backward(Tensor.Full(a.Shape, 3));
        b.Backward(Tensor.Full(b.Shape, -4));
        var norm = GradientClipping.ByNorm([a, b, Start()], 1);
        Assert.Equal(5 * Math.Sqrt(a.Count), norm, 1e-4);
        Assert.Equal(1, Math.Sqrt(a.Grad!.ToArray().Concat(b.Grad!.ToArray()).Sum(value => (double)value * value)), 1e-6);
        Assert.Equal(-4f / 3, b.Grad.ToArray()[0] / a.Grad.ToArray()[0], 1e-6);
        var before = a.Grad.ToArray();
        Assert.Equal(1, GradientClipping.ByNorm([a, b], 2), 1e-5);
        Assert.Equal(before, a.Grad.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm([a], 0));
    }

    // PyTorch's clip_grad_norm_ of a gradient [3e-7, 4e-7] to 1e-7: times 1e-7 / (5e-7 + 1e-6).
    [Fact]
    public void Clipping_by_norm_divides_by_a_little_more_than_the_norm_as_PyTorch_does()
    {
        var a = Tensor.FromSpan([1, 2]);
        a.RequiresGrad = true;
        a.Backward(Tensor.FromSpan([3e-7f, 4e-7f]));
        Assert.Equal(5e-7, GradientClipping.ByNorm([a], 1e-7f), 1e-12);
        Assert.Equal(2e-8, a.Grad!.ToArray()[0], 1e-13);
    }

    [Fact]
    public void Clipping_by_value_limits_every_element()
    {
        var a = Tensor.FromSpan([1, 2, 3]);
        a.RequiresGrad = true;
        a.Backward(Tensor.FromSpan([-5, 0.25f, 7]));
        GradientClipping.ByValue([a], 0.5f);
        Assert.Equal([-0.5f, 0.25f, 0.5f], a.Grad!.ToArray());
    }

    [Fact]
    public void Schedules_follow_their_formulas()
    {
        Assert.Equal(0.3, LearningRateSchedule.Constant(0.3).At(1_000_000));
        var steps = LearningRateSchedule.StepDecay(1, 10, 0.5);
        Assert.Equal([1, 1, 0.5, 0.25], new long[] { 0, 9, 10, 29 }.Select(steps.At));
        var cosine = LearningRateSchedule.Cosine(1, 100, 0.2);
        Assert.Equal(1, cosine.At(0), 1e-12);
        Assert.Equal(0.6, cosine.At(50), 1e-12);
        Assert.Equal(0.2, cosine.At(100), 1e-12);
        Assert.Equal(0.2, cosine.At(1000), 1e-12);
        var warm = cosine.WithWarmup(4);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], Enumerable.Range(0, 5).Select(step => warm.At(step)));
        Assert.Equal(0.6, warm.At(54), 1e-12);
    }

    private static Tensor Start()
    {
        var parameter = Tensor.Normal([37], new Philox(1));
        parameter.RequiresGrad = true;
        return parameter;
    }

    private static float[] Gradient(int step) => Tensor.Normal([37], new Philox(2, (ulong)step)).ToArray();

    private static void Apply(Optimizer optimizer, Tensor parameter, float[] gradient)
    {
        optimizer.ZeroGrad();
        parameter.Backward(Tensor.FromSpan(gradient));
        optimizer.Step();
    }

    private static Optimizer Make(string kind, Tensor parameter)
    {
        (string, Tensor)[] parameters = [("p", parameter)];
        return kind switch
        {
            "sgd" => new Sgd(parameters, 0.1),
            "sgd decay" => new Sgd(parameters, 0.1, weightDecay: 0.05),
            "sgd momentum" => new Sgd(parameters, 0.1, 0.9, 0.05),
            "sgd nesterov" => new Sgd(parameters, 0.1, 0.9, 0.05, true),
            "adam" => new Adam(parameters, 0.02, 0.5),
            "adam decay" => new Adam(parameters, 0.02, weightDecay: 0.1),
            _ => new AdamW(parameters, 0.02, weightDecay: 0.1),
        };
    }

    // Kingma, Ba 2015; Loshchilov, Hutter 2019; PyTorch's SGD.
    private static void Update(string kind, int step, ref double p, double g, ref double m, ref double v)
    {
        if (kind.StartsWith("sgd", StringComparison.Ordinal))
        {
            g += kind == "sgd" ? 0 : 0.05 * p;
            m = kind is "sgd" or "sgd decay" ? g : (0.9 * m) + g;
            p -= 0.1 * (kind == "sgd nesterov" ? g + (0.9 * m) : m);
            return;
        }

        var beta1 = kind == "adam" ? 0.5 : 0.9;
        g += kind == "adam decay" ? 0.1 * p : 0;
        p *= kind == "adamw" ? 1 - (0.02 * 0.1) : 1;
        m = (beta1 * m) + ((1 - beta1) * g);
        v = (0.999 * v) + (0.001 * g * g);
        p -= 0.02 * (m / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, step))) + 1e-8);
    }
}

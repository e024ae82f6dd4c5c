using System.Numerics;

namespace Crypson;

/// <summary>In-place parameter updates: one pass over parameter, gradient and moments.</summary>
internal static class OptimizerKernels
{
    /// <summary>
    /// Adam (Kingma, Ba 2015) and, with <paramref name="decoupledDecay"/>, AdamW (Loshchilov, Hutter 2019):
    /// p -= lr m̂ / (√v̂ + eps) after p *= 1 - lr · decoupledDecay.
    /// </summary>
    /// <param name="step">Number of this update, from 1.</param>
    public static void Adam(
        Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, long step,
        double learningRate, double beta1, double beta2, double eps, double decay, double decoupledDecay)
    {
        Check("adam", parameter, gradient);
        CheckMoment("adam", parameter, firstMoment);
        CheckMoment("adam", parameter, secondMoment);
        foreach (var tensor in (ReadOnlySpan<Tensor>)[parameter, firstMoment, secondMoment])
        {
            tensor.RequireWritable("adam");
        }

        var rates = new DeviceOptimizerKernels.AdamRates
        {
            Beta1 = (float)beta1,
            Rest1 = (float)(1 - beta1),
            Beta2 = (float)beta2,
            Rest2 = (float)(1 - beta2),
            Rate = (float)(learningRate / (1 - Math.Pow(beta1, step))),
            InverseCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            Eps = (float)eps,
            Decay = (float)decay,
            Keep = (float)(1 - (learningRate * decoupledDecay)),
        };
        if (parameter.Device is not CpuDevice)
        {
            DeviceOptimizerKernels.LaunchAdam(parameter.Device, parameter.Count, parameter.View, gradient.View, firstMoment.View, secondMoment.View, rates);
            return;
        }

        var kernel = new AdamKernel(
            parameter.Storage, gradient.Storage, firstMoment.Storage, secondMoment.Storage, parameter.Count,
            rates.Beta1, rates.Rest1, rates.Beta2, rates.Rest2, rates.Rate, rates.InverseCorrection, rates.Eps, rates.Decay, rates.Keep);
        parameter.Device.Launch(kernel, Unary.Groups(parameter.Count));
    }

    /// <summary>
    /// Stochastic gradient descent with momentum (PyTorch's form): g += decay p; v = momentum v + g;
    /// p -= lr (nesterov ? g + momentum v : v).
    /// </summary>
    /// <param name="velocity">v, or null without momentum.</param>
    public static void Sgd(
        Tensor parameter, Tensor gradient, Tensor? velocity, double learningRate, double momentum, double decay, bool nesterov)
    {
        Check("sgd", parameter, gradient);
        CheckMoment("sgd", parameter, velocity ?? parameter);
        parameter.RequireWritable("sgd");
        velocity?.RequireWritable("sgd");
        if (parameter.Device is not CpuDevice)
        {
            DeviceOptimizerKernels.LaunchSgd(
                parameter.Device, parameter.Count, parameter.View, gradient.View, (velocity ?? parameter).View, velocity is not null,
                (float)learningRate, (float)momentum, (float)decay, nesterov);
            return;
        }

        var kernel = new SgdKernel(
            parameter.Storage, gradient.Storage, velocity?.Storage, parameter.Count, (float)learningRate, (float)momentum, (float)decay, nesterov);
        parameter.Device.Launch(kernel, Unary.Groups(parameter.Count));
    }

    private static void Check(string op, Tensor parameter, Tensor gradient)
    {
        if (parameter.Shape != gradient.Shape)
        {
            throw new ArgumentException($"{op}: parameter {parameter.Shape} and gradient {gradient.Shape} differ");
        }

        Tensor.SameDevice(op, parameter, gradient);
    }

    private static void CheckMoment(string op, Tensor parameter, Tensor moment)
    {
        if (moment.Device != parameter.Device)
        {
            throw new ArgumentException(
                $"{op}: the parameter is on {parameter.Device}, its moments on {moment.Device}\n  hint: move the network to its device before the optimizer is made");
        }
    }

    private readonly unsafe struct AdamKernel(
        Storage parameter, Storage gradient, Storage firstMoment, Storage secondMoment, int count,
        float beta1, float rest1, float beta2, float rest2, float rate, float inverseCorrection, float eps, float decay, float keep) : IKernel
    {
        public void Execute(int group)
        {
            var (i, end) = (group * Unary.Chunk, Math.Min(count, (group + 1) * Unary.Chunk));
            var p = parameter.Floats;
            var g = gradient.Floats;
            var m = firstMoment.Floats;
            var v = secondMoment.Floats;
            for (; i < end; i += Vector<float>.Count)
            {
                var left = end - i;
                if (left >= Vector<float>.Count)
                {
                    var (vp, vm, vv) = (Vector.Load(p + i), Vector.Load(m + i), Vector.Load(v + i));
                    Update(ref vp, Vector.Load(g + i), ref vm, ref vv);
                    Vector.Store(vp, p + i);
                    Vector.Store(vm, m + i);
                    Vector.Store(vv, v + i);
                }
                else
                {
                    var (vp, vm, vv) = (Unary.LoadPart(p + i, left), Unary.LoadPart(m + i, left), Unary.LoadPart(v + i, left));
                    Update(ref vp, Unary.LoadPart(g + i, left), ref vm, ref vv);
                    Unary.StorePart(vp, p + i, left);
                    Unary.StorePart(vm, m + i, left);
                    Unary.StorePart(vv, v + i, left);
                }
            }
        }

        private void Update(ref Vector<float> p, Vector<float> g, ref Vector<float> m, ref Vector<float> v)
        {
            g += p * decay;
            m = (m * beta1) + (g * rest1);
            v = (v * beta2) + (g * g * rest2);
            p = (p * keep) - (m * rate / ((Vector.SquareRoot(v) * inverseCorrection) + new Vector<float>(eps)));
        }
    }

    private readonly unsafe struct SgdKernel(
        Storage parameter, Storage gradient, Storage? velocity, int count, float rate, float momentum, float decay, bool nesterov) : IKernel
    {
        public void Execute(int group)
        {
            var p = parameter.Floats;
            var g = gradient.Floats;
            var v = velocity is null ? null : velocity.Floats;
            for (var i = group * Unary.Chunk; i < Math.Min(count, (group + 1) * Unary.Chunk); i++)
            {
                var slope = g[i] + (decay * p[i]);
                if (v != null)
                {
                    v[i] = (momentum * v[i]) + slope;
                    slope = nesterov ? slope + (momentum * v[i]) : v[i];
                }

                p[i] -= rate * slope;
            }
        }
    }
}

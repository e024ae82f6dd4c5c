using Crypson.Kernels;

namespace Crypson;

/// <summary>Parameter updates on devices: the CPU's steps, in its order.</summary>
internal static partial class DeviceOptimizerKernels
{
    /// <summary>What an Adam step has for all elements.</summary>
    internal struct AdamRates
    {
        public float Beta1;
        public float Rest1;
        public float Beta2;
        public float Rest2;
        public float Rate;
        public float InverseCorrection;
        public float Eps;
        public float Decay;
        public float Keep;
    }

    [Kernel]
    internal static void Adam(Index1D i, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> first, ArrayView<float> second, AdamRates rates)
    {
        var g = gradient[i] + parameter[i] * rates.Decay;
        var m = first[i] * rates.Beta1 + g * rates.Rest1;
        var v = second[i] * rates.Beta2 + g * g * rates.Rest2;
        first[i] = m;
        second[i] = v;
        parameter[i] = parameter[i] * rates.Keep - m * rates.Rate / (MathF.Sqrt(v) * rates.InverseCorrection + rates.Eps);
    }

    /// <param name="velocity">Read and written only with <paramref name="hasVelocity"/>.</param>
    [Kernel]
    internal static void Sgd(
        Index1D i, ArrayView<float> parameter, ArrayView<float> gradient, ArrayView<float> velocity, bool hasVelocity, float rate, float momentum, float decay, bool nesterov)
    {
        var slope = gradient[i] + decay * parameter[i];
        if (hasVelocity)
        {
            velocity[i] = momentum * velocity[i] + slope;
            slope = nesterov ? slope + momentum * velocity[i] : velocity[i];
        }

        parameter[i] -= rate * slope;
    }
}

using Crypson.Models;

namespace Crypson.Benchmarks;

/// <summary>Networks in evaluation, and the letter pipeline's networks: random matrix to masked latent, and back to letters.</summary>
internal static class InferenceRows
{
    private const int Batch = 128;
    private const int NoiseLength = 64;
    private const int Latent = 8;
    private static readonly int Classes = ClassMapping.Balanced.Count;

    public static IEnumerable<BenchmarkRow> All(IReadOnlyList<Device> devices)
    {
        foreach (var row in Infer("generator", ModelFlops.Generator, networks => networks.Draw())
            .Concat(Infer("encoder", ModelFlops.Encoder, networks => networks.Encode()))
            .Concat(Infer("classifier", ModelFlops.Decoder + ModelFlops.Head, networks => networks.Classify())))
        {
            yield return row;
        }

        foreach (var letters in new[] { 1, 256 })
        {
            var encrypt = (ModelFlops.Generator + ModelFlops.Encoder) * letters / Batch;
            var decrypt = (ModelFlops.Decoder + ModelFlops.Head) * letters / Batch;
            foreach (var row in Rows($"pipeline/encrypt/b{letters}", letters, encrypt, networks => networks.Encrypt(), letters > 1)
                .Concat(Rows($"pipeline/decrypt/b{letters}", letters, decrypt, networks => networks.Decrypt(), letters > 1))
                .Concat(Rows($"pipeline/roundtrip/b{letters}", letters, encrypt + decrypt, networks => networks.RoundTrip(), false)))
            {
                yield return row;
            }
        }

        IEnumerable<BenchmarkRow> Infer(string network, double flops, Func<Networks, Tensor> call) => Rows($"infer/{network}/b128", Batch, flops, call, true);

        IEnumerable<BenchmarkRow> Rows(string name, int count, double flops, Func<Networks, Tensor> call, bool isTypical) => devices.Select(device =>
            new BenchmarkRow(name, device.Name, flops, 0, () => new Networks(count, device).Work(call)) { IsTypical = isTypical });
    }

    private sealed class Networks
    {
        private readonly Generator generator = new(Classes, new Philox(1));
        private readonly Vae vae = new(new Philox(2));
        private readonly Classifier classifier = new(Classes, new Philox(3));
        private readonly TimeEmbedding time = new(TimeEmbeddingKind.Continuous, new Philox(4));
        private readonly Philox random = new(5);
        private readonly IndexTensor letters;
        private readonly Tensor noise;
        private readonly Tensor images;
        private readonly Tensor latents;
        private readonly ulong[] times;
        private readonly Device device;

        public Networks(int count, Device device)
        {
            this.device = device;
            generator.To(device);
            vae.To(device);
            classifier.To(device);
            generator.Eval();
            vae.Eval();
            classifier.Eval();
            letters = IndexTensor.FromSpan([.. Enumerable.Range(0, count).Select(i => i * 7 % Classes)], device);
            noise = Tensor.Normal([count, NoiseLength], random, device: device).Persist();
            images = Tensor.Uniform([count, 1, 32, 32], random, device: device).Persist();
            latents = Tensor.Normal([count, Latent], random, device: device).Persist();
            times = [.. Enumerable.Range(0, count).Select(i => 1000UL + (ulong)i)];
        }

        // Without gradients the layers run as one plan, with gradients one by one: two ways to the same values. That these
        // are the right ones is what the golden tests of the models establish. Another device is held against the CPU. A deep network adds up the rounding of
        // many terms, so a value's error is measured by the largest value.
        public BenchmarkWork Work(Func<Networks, Tensor> call) => new(
            () =>
            {
                using var noGrad = Tensor.NoGrad();
                using var scope = new TensorScope();
                call(this);
            },
            () =>
            {
                float[] actual;
                using (Tensor.NoGrad())
                {
                    actual = FirstCall(call);
                }

                var expected = (device is CpuDevice ? this : new Networks(times.Length, Device.Cpu)).FirstCall(call);
                var magnitude = 10 * expected.Max(Math.Abs);
                return [new BenchmarkCheck("inference", actual, element => (expected[element], magnitude))];
            },
            device);

        public Tensor Draw() => generator.Forward(noise, letters);

        public Tensor Encode() => vae.Encoder.Forward(images).Mean;

        public Tensor Classify() => classifier.Forward(latents);

        public Tensor Encrypt()
        {
            var drawn = generator.Forward(Tensor.Normal(noise.Shape, random, device: device), letters).MinMaxNormalize(true);
            return vae.Encoder.Forward(drawn).Mean + time.Forward(times).To(device);
        }

        public Tensor Decrypt() => Decrypt(latents);

        public Tensor RoundTrip() => Decrypt(Encrypt());

        private float[] FirstCall(Func<Networks, Tensor> call)
        {
            random.Counter = 0;
            using var scope = new TensorScope();
            return call(this).ToArray();
        }

        // The letters themselves are integers: their logits stand for them.
        private Tensor Decrypt(Tensor masked)
        {
            var logits = classifier.Forward(masked - time.Forward(times).To(device));
            logits.ArgMax(1);
            return logits;
        }
    }
}

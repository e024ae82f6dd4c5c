using Crypson.Models;

namespace Crypson.Benchmarks;

/// <summary>Networks in evaluation, and the letter pipeline's networks: random matrix to masked latent, and back to letters.</summary>
internal static class InferenceRows
{
    private const int Batch = 128;
    private const int NoiseLength = 64;
    private const int Latent = 8;
    private static readonly int Classes = ClassMapping.Balanced.Count;

    public static IEnumerable<BenchmarkRow> All()
    {
        yield return new BenchmarkRow("infer/generator/b128", "cpu", ModelFlops.Generator, 0, () => new Networks(Batch).Work(networks => networks.Draw())) { IsTypical = true };
        yield return new BenchmarkRow("infer/encoder/b128", "cpu", ModelFlops.Encoder, 0, () => new Networks(Batch).Work(networks => networks.Encode())) { IsTypical = true };
        yield return new BenchmarkRow("infer/classifier/b128", "cpu", ModelFlops.Decoder + ModelFlops.Head, 0, () => new Networks(Batch).Work(networks => networks.Classify())) { IsTypical = true };
        foreach (var letters in new[] { 1, 256 })
        {
            var encrypt = (ModelFlops.Generator + ModelFlops.Encoder) * letters / Batch;
            var decrypt = (ModelFlops.Decoder + ModelFlops.Head) * letters / Batch;
            yield return new BenchmarkRow($"pipeline/encrypt/b{letters}", "cpu", encrypt, 0, () => new Networks(letters).Work(networks => networks.Encrypt())) { IsTypical = letters > 1 };
            yield return new BenchmarkRow($"pipeline/decrypt/b{letters}", "cpu", decrypt, 0, () => new Networks(letters).Work(networks => networks.Decrypt())) { IsTypical = letters > 1 };
            yield return new BenchmarkRow($"pipeline/roundtrip/b{letters}", "cpu", encrypt + decrypt, 0, () => new Networks(letters).Work(networks => networks.RoundTrip()));
        }
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

        public Networks(int count)
        {
            generator.Eval();
            vae.Eval();
            classifier.Eval();
            letters = IndexTensor.FromSpan([.. Enumerable.Range(0, count).Select(i => i * 7 % Classes)]);
            noise = Tensor.Normal([count, NoiseLength], random).Persist();
            images = Tensor.Uniform([count, 1, 32, 32], random).Persist();
            latents = Tensor.Normal([count, Latent], random).Persist();
            times = [.. Enumerable.Range(0, count).Select(i => 1000UL + (ulong)i)];
        }

        // Without gradients the layers run as one plan, with gradients one by one: two ways to the same values. That these
        // are the right ones is what the golden tests of the models establish. A deep network adds up the rounding of
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

                var expected = FirstCall(call);
                var magnitude = 10 * expected.Max(Math.Abs);
                return [new BenchmarkCheck("inference", actual, element => (expected[element], magnitude))];
            });

        public Tensor Draw() => generator.Forward(noise, letters);

        public Tensor Encode() => vae.Encoder.Forward(images).Mean;

        public Tensor Classify() => classifier.Forward(latents);

        public Tensor Encrypt()
        {
            var drawn = generator.Forward(Tensor.Normal(noise.Shape, random), letters).MinMaxNormalize(true);
            return vae.Encoder.Forward(drawn).Mean + time.Forward(times);
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
            var logits = classifier.Forward(masked - time.Forward(times));
            logits.ArgMax(1);
            return logits;
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>One jagged batch of causal attention as arrays, with the same computed the long way in double.</summary>
internal sealed record AttentionCase(int Dimension, int Heads, int[] Offsets, float[] Inputs, float[] OutputGradient)
{
    public AttentionDropout Dropout { get; init; }

    public int Positions => Offsets[^1];

    public int Width => Dimension / Heads;

    public CausalAttentionBatch Batch => new() { QueriesKeysValues = Inputs, Offsets = Offsets, Dimension = Dimension, Heads = Heads, Dropout = Dropout };

    /// <summary>Sequences of the given lengths with random values.</summary>
    public static AttentionCase Random(int[] lengths, int width, int heads, double spread, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var offsets = new int[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            offsets[i + 1] = offsets[i] + lengths[i];
        }

        var draw = (int length, double scale) => Enumerable.Range(0, length).Select(_ => (float)(scale * random.NextNormal())).ToArray();
        var dimension = width * heads;
        return new AttentionCase(dimension, heads, offsets, draw(offsets[^1] * 3 * dimension, spread), draw(offsets[^1] * dimension, 1));
    }

    /// <summary>Results and gradients, each with a bound on the error of float32 arithmetic.</summary>
    public AttentionExpectation Expected()
    {
        var expected = new AttentionExpectation(Positions, Dimension, Heads);
        for (var head = 0; head < Heads; head++)
        {
            for (var s = 0; s + 1 < Offsets.Length; s++)
            {
                for (var i = Offsets[s]; i < Offsets[s + 1]; i++)
                {
                    AddRow(head, Offsets[s], i, expected);
                }
            }
        }

        return expected;
    }

    private void AddRow(int head, int start, int i, AttentionExpectation expected)
    {
        int count = i + 1 - start, d = Width;
        var scale = 1 / Math.Sqrt(d);
        double[] logits = new double[count], slopes = new double[count], slopeErrors = new double[count];
        var error = 0.0;
        for (var j = 0; j < count; j++)
        {
            var size = 0.0;
            for (var k = 0; k < d; k++)
            {
                var term = Query(head, i, k) * Key(head, start + j, k) * scale;
                logits[j] += term;
                size += Math.Abs(term);
            }

            error = Math.Max(error, Rounding.Gamma(d + 8) * size);
        }

        var maximum = logits.Max();
        var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit - maximum))) + maximum;
        var probabilities = logits.Select(logit => Math.Exp(logit - logSum)).ToArray();

        var factors = Enumerable.Repeat(1f, count).ToArray();
        if (Dropout.IsActive)
        {
            Dropout.Draw(i, head, Heads, factors);
        }

        // As for the in-batch softmax; the backward pass takes the sum as a rounded logarithm, whose error becomes a relative one.
        var relative = Math.Exp(2 * error) - 1 + Rounding.Gamma(count + 64) + (8 * Rounding.UnitRoundoff * (1 + Math.Abs(logSum)));
        expected.LogSums[(i * Heads) + head] = logSum;
        expected.LogSumBounds[(i * Heads) + head] = error + relative;
        double mean = 0, meanError = 0;
        for (var k = 0; k < d; k++)
        {
            double value = 0, size = 0;
            for (var j = 0; j < count; j++)
            {
                value += factors[j] * probabilities[j] * Value(head, start + j, k);
                size += factors[j] * probabilities[j] * Math.Abs(Value(head, start + j, k));
            }

            var at = (i * Dimension) + (head * d) + k;
            expected.Output[at] = value;
            expected.OutputBound[at] = size * relative;
            mean += value * Seed(head, i, k);
            meanError += Math.Abs(Seed(head, i, k)) * size * (relative + Rounding.Gamma(d + 2));
        }

        for (var j = 0; j < count; j++)
        {
            double product = 0, size = 0;
            for (var k = 0; k < d; k++)
            {
                var term = factors[j] * Seed(head, i, k) * Value(head, start + j, k);
                product += term;
                size += Math.Abs(term);
                expected.Add(
                    At(2, head, start + j, k), factors[j] * probabilities[j] * Seed(head, i, k),
                    factors[j] * probabilities[j] * Math.Abs(Seed(head, i, k)) * (relative + Rounding.Gamma(Positions)));
            }

            slopes[j] = probabilities[j] * (product - mean);
            slopeErrors[j] = probabilities[j] * ((Math.Abs(product - mean) * relative) + meanError + (Rounding.Gamma(d + 2) * size));
        }

        for (var j = 0; j < count; j++)
        {
            var bound = (slopeErrors[j] + (Math.Abs(slopes[j]) * Rounding.Gamma(Positions + 8))) * scale;
            for (var k = 0; k < d; k++)
            {
                double q = Query(head, i, k), key = Key(head, start + j, k);
                expected.Add(At(0, head, i, k), slopes[j] * scale * key, bound * Math.Abs(key));
                expected.Add(At(1, head, start + j, k), slopes[j] * scale * q, bound * Math.Abs(q));
            }
        }
    }

    private double Query(int head, int position, int k) => Inputs[At(0, head, position, k)];

    private double Key(int head, int position, int k) => Inputs[At(1, head, position, k)];

    private double Value(int head, int position, int k) => Inputs[At(2, head, position, k)];

    private int At(int part, int head, int position, int k) => (((position * 3) + part) * Dimension) + (head * Width) + k;

    private double Seed(int head, int position, int k) => OutputGradient[(position * Dimension) + (head * Width) + k];
}

internal sealed class AttentionExpectation(int positions, int dimension, int heads)
{
    public double[] Output { get; } = new double[positions * dimension];

    public double[] OutputBound { get; } = new double[positions * dimension];

    public double[] LogSums { get; } = new double[positions * heads];

    public double[] LogSumBounds { get; } = new double[positions * heads];

    public double[] Gradient { get; } = new double[positions * 3 * dimension];

    public double[] GradientBound { get; } = new double[positions * 3 * dimension];

    public void Add(int at, double share, double bound)
    {
        Gradient[at] += share;
        GradientBound[at] += bound;
    }
}

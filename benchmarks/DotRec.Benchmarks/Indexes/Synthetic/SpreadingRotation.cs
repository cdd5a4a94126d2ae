using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// An orthogonal map of D dimensions that spreads every axis over all of them, in D · log D steps: twice, a random order, random signs, and a
/// Walsh-Hadamard transform of the first 2^a values and then of the last 2^a, 2^a being the greatest power of two that D holds.
/// </summary>
internal sealed class SpreadingRotation
{
    private const int Rounds = 2;

    private readonly int _block;

    // Keeps a transform orthogonal.
    private readonly float _scale;
    private readonly (int[] Order, float[] Signs)[] _rounds = new (int[], float[])[Rounds];

    public SpreadingRotation(int dimension, SeededRandom random)
    {
        _block = 1 << BitOperations.Log2((uint)dimension);
        _scale = 1 / MathF.Sqrt(_block);
        for (var round = 0; round < Rounds; round++)
        {
            var order = Enumerable.Range(0, dimension).ToArray();
            random.Shuffle<int>(order);
            _rounds[round] = (order, Array.ConvertAll(order, _ => random.NextBits() >> 63 == 0 ? 1f : -1f));
        }
    }

    /// <summary>Replaces a vector by its image.</summary>
    public void Apply(Span<float> vector, Span<float> scratch)
    {
        foreach (var (order, signs) in _rounds)
        {
            for (var i = 0; i < order.Length; i++)
            {
                scratch[i] = signs[i] * vector[order[i]];
            }

            Transform(scratch[.._block]);
            if (_block < vector.Length)
            {
                Transform(scratch[^_block..]);
            }

            scratch.CopyTo(vector);
        }
    }

    private void Transform(Span<float> values)
    {
        for (var half = 1; half < values.Length; half *= 2)
        {
            for (var start = 0; start < values.Length; start += 2 * half)
            {
                var low = values.Slice(start, half);
                var high = values.Slice(start + half, half);
                for (var i = 0; i < low.Length; i++)
                {
                    (low[i], high[i]) = (low[i] + high[i], low[i] - high[i]);
                }
            }
        }

        foreach (ref var value in values)
        {
            value *= _scale;
        }
    }
}

using System.Collections.Concurrent;
using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Learns 16 codewords for each block of two dimensions: k-means of the unit-length residuals' parts, every block on its own.</summary>
internal static class CodebookTrainer
{
    private const int Rounds = 16;
    private const int Codewords = QuantizedItems.Codewords;

    /// <summary>Codewords [M, 16, 2].</summary>
    /// <param name="residuals">[n, D], of unit length or zero.</param>
    /// <param name="dimension">D.</param>
    /// <param name="start">Codewords to begin with, of more or fewer blocks where squared lengths vary otherwise than they did; or null. Blocks in which one of them has no point near it begin anew: it would stay where it is.</param>
    /// <param name="random">Chooses first codewords.</param>
    /// <param name="report">Told at the end.</param>
    public static float[] Fit(Section<float> residuals, int dimension, float[]? start, SeededRandom random, BuildReport report)
    {
        var blocks = QuantizedItems.BlocksOf(dimension);
        var codebook = new float[blocks * Codewords * QuantizedItems.BlockWidth];
        var count = (int)(residuals.Length / dimension);
        var idle = new ConcurrentBag<BlockPoints>();
        report.ForParts(blocks, block =>
        {
            var points = idle.TryTake(out var used) ? used : new BlockPoints(count);
            points.Load(residuals, dimension, block);
            var first = block * Codewords * QuantizedItems.BlockWidth;
            var x = first < (start?.Length ?? 0) ? start.AsSpan(first, Codewords * QuantizedItems.BlockWidth).ToArray() : null;
            x = x is not null && points.Need(x) ? x : points.Seed(random.Stream((ulong)block));
            for (var round = 0; round < Rounds && points.Count > 0; round++)
            {
                points.MoveToMeans(x);
            }

            x.CopyTo(codebook.AsSpan(block * Codewords * 2));
            idle.Add(points);
        });
        return codebook;
    }

    /// <summary>The two components of one block, each in its own array; used for one block after another.</summary>
    private sealed class BlockPoints
    {
        private readonly float[] _x;
        private readonly float[] _y;
        private readonly int[] _nearest;
        private readonly double[] _distances;

        public BlockPoints(int count)
        {
            Count = count;

            // Whole vectors; what is behind the points is zeros and not counted.
            var padded = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            _x = new float[padded];
            _y = new float[padded];
            _nearest = new int[padded];
            _distances = new double[count];
        }

        public int Count { get; }

        public void Load(Section<float> residuals, int dimension, int block)
        {
            for (var i = 0; i < Count; i++)
            {
                var at = ((long)i * dimension) + (2 * block);
                _x[i] = residuals[at];
                _y[i] = (2 * block) + 1 < dimension ? residuals[at + 1] : 0;
            }
        }

        /// <summary>First codewords by k-means++ (Arthur and Vassilvitskii 2007): each drawn with a probability proportional to its squared distance.</summary>
        public float[] Seed(SeededRandom random)
        {
            var codewords = new float[Codewords * 2];
            if (Count == 0)
            {
                return codewords;
            }

            var distances = _distances;
            Array.Fill(distances, double.PositiveInfinity);
            var chosen = random.NextInt(Count);
            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                codewords[2 * codeword] = _x[chosen];
                codewords[(2 * codeword) + 1] = _y[chosen];
                var sum = 0.0;
                for (var i = 0; i < distances.Length; i++)
                {
                    double dx = _x[i] - _x[chosen], dy = _y[i] - _y[chosen];
                    distances[i] = Math.Min(distances[i], (dx * dx) + (dy * dy));
                    sum += distances[i];
                }

                var left = random.NextDouble() * sum;
                for (chosen = 0; chosen < Count - 1 && (left -= distances[chosen]) >= 0; chosen++)
                {
                }
            }

            return codewords;
        }

        /// <summary>Whether every codeword is the nearest of some point.</summary>
        public bool Need(float[] codewords)
        {
            FindNearest(codewords);
            var used = 0;
            for (var i = 0; i < Count; i++)
            {
                used |= 1 << _nearest[i];
            }

            return used == (1 << Codewords) - 1;
        }

        /// <summary>One round: every codeword moves to the mean of the points nearest to it; one without points stays.</summary>
        public void MoveToMeans(float[] codewords)
        {
            FindNearest(codewords);
            Span<double> sums = stackalloc double[3 * Codewords];
            sums.Clear();
            for (var i = 0; i < Count; i++)
            {
                var at = 3 * _nearest[i];
                sums[at]++;
                sums[at + 1] += _x[i];
                sums[at + 2] += _y[i];
            }

            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                if (sums[3 * codeword] > 0)
                {
                    codewords[2 * codeword] = (float)(sums[(3 * codeword) + 1] / sums[3 * codeword]);
                    codewords[(2 * codeword) + 1] = (float)(sums[(3 * codeword) + 2] / sums[3 * codeword]);
                }
            }
        }

        private void FindNearest(float[] codewords)
        {
            for (var i = 0; i < _x.Length; i += Vector<float>.Count)
            {
                FindNearest(codewords, i);
            }
        }

        private void FindNearest(float[] codewords, int first)
        {
            var x = new Vector<float>(_x, first);
            var y = new Vector<float>(_y, first);
            var best = new Vector<float>(float.PositiveInfinity);
            var nearest = Vector<int>.Zero;
            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                var dx = x - new Vector<float>(codewords[2 * codeword]);
                var dy = y - new Vector<float>(codewords[(2 * codeword) + 1]);
                var distance = Vector.FusedMultiplyAdd(dx, dx, dy * dy);
                var nearer = Vector.LessThan(distance, best);
                best = Vector.ConditionalSelect(nearer, distance, best);
                nearest = Vector.ConditionalSelect(nearer, new Vector<int>(codeword), nearest);
            }

            nearest.CopyTo(_nearest, first);
        }
    }
}

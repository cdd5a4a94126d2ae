using System.Collections.Concurrent;
using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Learns 16 codewords for each block of dimensions: k-means of the unit-length residuals' parts, every block on its own.</summary>
internal static class CodebookTrainer
{
    private const int Rounds = 16;
    private const int Codewords = QuantizedItems.Codewords;

    /// <summary>Codewords [M, 16, width].</summary>
    /// <param name="residuals">[n, D], of unit length or zero.</param>
    /// <param name="dimension">D.</param>
    /// <param name="start">
    /// Codewords to begin with, of more or fewer blocks where squared lengths vary otherwise than they did; or null. Blocks in which one of them has no
    /// point near it begin anew: it would stay where it is.
    /// </param>
    /// <param name="random">Chooses first codewords.</param>
    /// <param name="report">Told at the end.</param>
    /// <param name="width">Dimensions a block: 2 to 4.</param>
    public static float[] Fit(
        Section<float> residuals, int dimension, float[]? start, SeededRandom random, BuildReport report, int width = QuantizedItems.MinBlockWidth)
    {
        var blocks = QuantizedItems.BlocksOf(dimension, width);
        var codebook = new float[blocks * Codewords * width];
        var count = (int)(residuals.Length / dimension);
        var idle = new ConcurrentBag<BlockPoints>();
        report.ForParts(blocks, block =>
        {
            var points = idle.TryTake(out var used) ? used : BlockPoints.New(count, width);
            points.Load(residuals, dimension, block);
            var first = block * Codewords * width;
            var values = first < (start?.Length ?? 0) ? start.AsSpan(first, Codewords * width).ToArray() : null;
            values = values is not null && points.Need(values) ? values : points.Seed(random.Stream((ulong)block));
            for (var round = 0; round < Rounds && points.Count > 0; round++)
            {
                points.MoveToMeans(values);
            }

            values.CopyTo(codebook.AsSpan(block * Codewords * width));
            idle.Add(points);
        });
        return codebook;
    }

    /// <summary>The components of one block, one after the other; used for one block after another.</summary>
    private abstract class BlockPoints
    {
        private readonly int _width;
        private readonly double[] _distances;

        protected BlockPoints(int count, int width)
        {
            Count = count;
            _width = width;

            // Whole vectors; what is behind the points is zeros and not counted.
            Padded = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            Values = new float[width * Padded];
            Nearest = new int[Padded];
            _distances = new double[count];
        }

        public int Count { get; }

        protected int Padded { get; }

        protected float[] Values { get; }

        protected int[] Nearest { get; }

        public static BlockPoints New(int count, int width) => width switch
        {
            2 => new BlockPoints<BlockOfTwo>(count),
            3 => new BlockPoints<BlockOfThree>(count),
            _ => new BlockPoints<BlockOfFour>(count),
        };

        public void Load(Section<float> residuals, int dimension, int block)
        {
            for (var j = 0; j < _width; j++)
            {
                var component = (_width * block) + j;
                for (var i = 0; i < Count; i++)
                {
                    Values[(j * Padded) + i] = component < dimension ? residuals[((long)i * dimension) + component] : 0;
                }
            }
        }

        /// <summary>First codewords by k-means++ (Arthur and Vassilvitskii 2007): each drawn with a probability proportional to its squared distance.</summary>
        public float[] Seed(SeededRandom random)
        {
            var codewords = new float[Codewords * _width];
            if (Count == 0)
            {
                return codewords;
            }

            var distances = _distances;
            Array.Fill(distances, double.PositiveInfinity);
            var chosen = random.NextInt(Count);
            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                for (var j = 0; j < _width; j++)
                {
                    codewords[(_width * codeword) + j] = Values[(j * Padded) + chosen];
                }

                var sum = 0.0;
                for (var i = 0; i < distances.Length; i++)
                {
                    var distance = 0.0;
                    for (var j = 0; j < _width; j++)
                    {
                        var difference = (double)Values[(j * Padded) + i] - Values[(j * Padded) + chosen];
                        distance += difference * difference;
                    }

                    distances[i] = Math.Min(distances[i], distance);
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
                used |= 1 << Nearest[i];
            }

            return used == (1 << Codewords) - 1;
        }

        /// <summary>One round: every codeword moves to the mean of the points nearest to it; one without points stays.</summary>
        public void MoveToMeans(float[] codewords)
        {
            FindNearest(codewords);
            Span<double> sums = stackalloc double[(QuantizedItems.MaxBlockWidth + 1) * Codewords];
            sums.Clear();
            for (var i = 0; i < Count; i++)
            {
                var at = (_width + 1) * Nearest[i];
                sums[at]++;
                for (var j = 0; j < _width; j++)
                {
                    sums[at + 1 + j] += Values[(j * Padded) + i];
                }
            }

            for (var codeword = 0; codeword < Codewords; codeword++)
            {
                var at = (_width + 1) * codeword;
                for (var j = 0; j < _width && sums[at] > 0; j++)
                {
                    codewords[(_width * codeword) + j] = (float)(sums[at + 1 + j] / sums[at]);
                }
            }
        }

        protected abstract void FindNearest(float[] codewords);
    }

    private sealed class BlockPoints<TWidth>(int count) : BlockPoints(count, TWidth.Value)
        where TWidth : struct, IBlockWidth
    {
        protected override void FindNearest(float[] codewords) => NearestCodeword.Find<TWidth>(Values, codewords, Nearest);
    }
}

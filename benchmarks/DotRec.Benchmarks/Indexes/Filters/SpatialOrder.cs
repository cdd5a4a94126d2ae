using System.Numerics.Tensors;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Puts items in an order in which neighbours lie near each other, so that a run of it is a region: every item goes to the nearest of some random
/// ones, the groups come one after the other along a chain of near ones, and each is put in order in the same way.
/// </summary>
internal static class SpatialOrder
{
    private const int Groups = 16;
    private const int LeafRows = 32;

    // Rows that are equal, or nearly, cannot be told apart by going deeper.
    private const int MaxDepth = 24;

    // Rows that a thread takes at a time.
    private const int RangeRows = 1 << 12;

    /// <summary>All rows.</summary>
    public static int[] Of(VectorCorpus corpus, ulong seed, CancellationToken cancellation)
    {
        var order = Enumerable.Range(0, corpus.ItemCount).ToArray();
        var random = new SeededRandom(seed);
        var open = new Stack<(int First, int Count, int Depth)>([(0, order.Length, 0)]);
        while (open.TryPop(out var node))
        {
            cancellation.ThrowIfCancellationRequested();
            if (node.Count <= LeafRows || node.Depth == MaxDepth)
            {
                continue;
            }

            var first = node.First;
            foreach (var count in Split(corpus, order.AsSpan(node.First, node.Count).ToArray(), order, node.First, random))
            {
                if (count < node.Count)
                {
                    open.Push((first, count, node.Depth + 1));
                }

                first += count;
            }
        }

        return order;
    }

    // Writes the rows group by group; returns the sizes.
    private static int[] Split(VectorCorpus corpus, int[] rows, int[] order, int first, SeededRandom random)
    {
        var seeds = Chain(corpus, Enumerable.Range(0, Groups).Select(_ => rows[random.NextInt(rows.Length)]).Distinct().ToList());
        var squares = Array.ConvertAll(seeds, seed => TensorPrimitives.SumOfSquares(corpus.Item(seed)));
        var groups = new int[rows.Length];
        Parallelism.ForRanges(rows.Length, RangeRows, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                groups[i] = Nearest(corpus, rows[i], seeds, squares);
            }
        });
        var sizes = new int[seeds.Length];
        foreach (var group in groups)
        {
            sizes[group]++;
        }

        Array.Sort(groups, rows);
        rows.CopyTo(order, first);
        return sizes;
    }

    private static int Nearest(VectorCorpus corpus, int row, int[] seeds, float[] squares)
    {
        var (nearest, best) = (0, float.NegativeInfinity);
        for (var i = 0; i < seeds.Length; i++)
        {
            var product = TensorPrimitives.Dot(corpus.Item(row), corpus.Item(seeds[i]));
            var closeness = corpus.ScoreFunction == ScoreFunction.Cosine ? product / MathF.Sqrt(Math.Max(squares[i], float.Epsilon)) : product - (squares[i] / 2);
            (nearest, best) = closeness > best ? (i, closeness) : (nearest, best);
        }

        return nearest;
    }

    // From the first to the nearest of the others, and so on.
    private static int[] Chain(VectorCorpus corpus, List<int> seeds)
    {
        var chain = new List<int> { seeds[0] };
        seeds.RemoveAt(0);
        while (seeds.Count > 0)
        {
            var next = seeds.MaxBy(seed => Closeness(corpus, corpus.Item(chain[^1]), corpus.Item(seed)));
            chain.Add(next);
            seeds.Remove(next);
        }

        return [.. chain];
    }

    private static float Closeness(VectorCorpus corpus, ReadOnlySpan<float> left, ReadOnlySpan<float> right) =>
        MetricNames.Score(corpus.ScoreFunction == ScoreFunction.Cosine ? ScoreFunction.Cosine : ScoreFunction.NegatedSquaredL2, left, right);
}

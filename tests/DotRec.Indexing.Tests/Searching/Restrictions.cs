using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>What searches for some queries can be told to leave out, by what it has to do with the queries.</summary>
/// <param name="scores">[Q][N]: the score of every item.</param>
/// <param name="seed">For what is random.</param>
internal sealed class Restrictions(float[][] scores, ulong seed)
{
    private readonly int _count = scores[0].Length;

    // Rows by their score with the first query, best first.
    private readonly int[] _byScore = [.. Enumerable.Range(0, scores[0].Length).OrderByDescending(row => scores[0][row])];

    /// <summary>A share of the items, wherever they are.</summary>
    public ItemFilter Random(double share)
    {
        var random = new SeededRandom(seed).Stream(1);
        var rows = Enumerable.Range(0, _count).ToArray();
        random.Shuffle<int>(rows);
        return ItemFilter.Allow(_count, rows.AsSpan(0, (int)(share * _count)));
    }

    /// <summary>The items that score best with the first query.</summary>
    public ItemFilter Best(double share) => ItemFilter.Allow(_count, _byScore.AsSpan(0, (int)(share * _count)));

    /// <summary>The items that score worst with the first query.</summary>
    public ItemFilter Worst(double share) => ItemFilter.Allow(_count, _byScore.AsSpan(_count - (int)(share * _count)));

    /// <summary>The items nearest to, or farthest from, one of them.</summary>
    public static ItemFilter Near(float[] items, int dimension, int row, double share, bool isFar)
    {
        var count = items.Length / dimension;
        var distances = Enumerable.Range(0, count).Select(other =>
        {
            var distance = 0f;
            for (var j = 0; j < dimension; j++)
            {
                var difference = items[(row * dimension) + j] - items[(other * dimension) + j];
                distance += difference * difference;
            }

            return distance;
        }).ToArray();
        var rows = Enumerable.Range(0, count).OrderBy(other => isFar ? -distances[other] : distances[other]).Take((int)(share * count)).ToArray();
        return ItemFilter.Allow(count, rows);
    }

    /// <summary>For each query the rows that score best with it.</summary>
    public int[][] ExcludeBest(int count) => Array.ConvertAll(scores, own => Rows(own).Take(count).ToArray());

    /// <summary>For each query some rows, some of them twice.</summary>
    public int[][] ExcludeRandom(int count)
    {
        var random = new SeededRandom(seed).Stream(2);
        return Array.ConvertAll(scores, _ => Enumerable.Range(0, count).Select(_ => random.NextInt(_count + 1) - 1).ToArray());
    }

    /// <summary>For each query everything but the rows that score worst with it.</summary>
    public int[][] ExcludeAllBut(int count) => Array.ConvertAll(scores, own => Rows(own).SkipLast(count).ToArray());

    private static IOrderedEnumerable<int> Rows(float[] scores) => Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]);
}

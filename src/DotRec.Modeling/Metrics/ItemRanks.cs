using System.Numerics;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Exact ranks of true items among all items: 1 + the number of items that come before it. An item comes before another when its score is
/// greater, or equal at a lower catalogue row: the order in which an exact index answers, so a hit rate is that of the lists users get.
/// NaN never helps: a NaN score comes before every number, and a true item that scores NaN comes last.
/// </summary>
internal sealed class ItemRanks
{
    // 8 Mi floats of scores at a time: large enough for an efficient GEMM, small enough for the memory of any machine.
    private const int ScoreBudget = 8 << 20;

    private ItemRanks(int[] all, int[]? excludingSeen)
    {
        All = all;
        ExcludingSeen = excludingSeen;
    }

    /// <summary>Ranks among all items; 0 where the true item is not in the catalogue.</summary>
    public int[] All { get; }

    /// <summary>Ranks among the items the query has not seen; 0 also where the true item itself was seen. Null without seen items.</summary>
    public int[]? ExcludingSeen { get; }

    /// <summary>Ranks the true item of every query in one pass over blocks of queries.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="trueRows">Catalogue row of each query's true item, −1 when the catalogue does not hold it.</param>
    /// <param name="seen">Items seen in training, or null.</param>
    /// <param name="seenQueries">The number in <paramref name="seen"/> of every query.</param>
    /// <param name="cancellationToken">Checked once a block.</param>
    public static ItemRanks Compute(ItemScorer scorer, int[] trueRows, SeenItems? seen, int[]? seenQueries, CancellationToken cancellationToken)
    {
        var all = new int[trueRows.Length];
        var unseen = seen is null ? null : new int[trueRows.Length];
        var itemCount = scorer.ItemCount;
        var block = Math.Clamp(ScoreBudget / Math.Max(itemCount, 1), 16, 4096);
        var scores = new float[Math.Min(block, Math.Max(trueRows.Length, 1)) * (long)itemCount];
        for (var first = 0; first < trueRows.Length; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(block, trueRows.Length - first);
            scorer.Score(first, count, scores.AsSpan(0, count * itemCount));
            var start = first;
            Parallelism.For(count, i =>
            {
                var query = start + i;
                if (trueRows[query] < 0)
                {
                    return;
                }

                var row = scores.AsSpan(i * itemCount, itemCount);
                all[query] = 1 + CountBefore(row, trueRows[query]);
                if (unseen is not null)
                {
                    unseen[query] = RankAmongUnseen(row, trueRows[query], all[query], seen!.Of(seenQueries![query]));
                }
            });
        }

        return new ItemRanks(all, unseen);
    }

    // Items seen in training that came before the true item leave the list: the rank improves by their number.
    private static int RankAmongUnseen(ReadOnlySpan<float> scores, int trueRow, int rank, ReadOnlySpan<int> seen)
    {
        var score = scores[trueRow];
        foreach (var row in seen)
        {
            if (row == trueRow)
            {
                return 0;
            }

            rank -= ComesBefore(scores[row], row, score, trueRow) ? 1 : 0;
        }

        return rank;
    }

    private static bool ComesBefore(float score, int row, float trueScore, int trueRow) =>
        row < trueRow ? !(score < trueScore) : row > trueRow && !(score <= trueScore);

    private static int CountBefore(ReadOnlySpan<float> scores, int trueRow)
    {
        var score = scores[trueRow];
        return trueRow - CountLess(scores[..trueRow], score) + CountNotAtMost(scores[(trueRow + 1)..], score);
    }

    private static int CountLess(ReadOnlySpan<float> scores, float threshold)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var limit = new Vector<float>(threshold);
        var counts = Vector<int>.Zero;
        foreach (var vector in vectors)
        {
            counts -= Vector.LessThan(vector, limit);
        }

        var count = Vector.Sum(counts);
        foreach (var score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            count += score < threshold ? 1 : 0;
        }

        return count;
    }

    private static int CountNotAtMost(ReadOnlySpan<float> scores, float threshold)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var limit = new Vector<float>(threshold);
        var atMost = Vector<int>.Zero;
        foreach (var vector in vectors)
        {
            atMost -= Vector.LessThanOrEqual(vector, limit);
        }

        var count = scores.Length - Vector.Sum(atMost);
        foreach (var score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            count -= score <= threshold ? 1 : 0;
        }

        // The tail was counted as "not at most" above and corrected just now.
        return count;
    }
}

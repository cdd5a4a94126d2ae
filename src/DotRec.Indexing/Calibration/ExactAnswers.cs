namespace DotRec.Indexing;

/// <summary>The k best items of each query by the rows that the index rescores with.</summary>
internal sealed class ExactAnswers
{
    private const int BatchValues = 1 << 20;

    private readonly int[][] _rows;
    private readonly float[] _worst;

    private ExactAnswers(int[][] rows, float[] worst, int k)
    {
        _rows = rows;
        _worst = worst;
        K = k;
    }

    public int QueryCount => _rows.Length;

    /// <summary>Answers a query has at most.</summary>
    public int K { get; }

    /// <summary>Answers of all queries.</summary>
    public long Count { get; private init; }

    /// <summary>Scores every item against every query, on all processors.</summary>
    /// <param name="index">The index.</param>
    /// <param name="queries">[Q, D].</param>
    /// <param name="k">At least 1.</param>
    /// <param name="excludedRows">Rows that each query may not return, or null.</param>
    public static ExactAnswers Of(ScannIndex index, ReadOnlySpan<float> queries, int k, IReadOnlyList<int[]>? excludedRows = null)
    {
        using var exact = new StreamingIndex(Batches(index), index.Dimension, ItemIds.Range(index.Count), index.ScoreFunction);
        var best = exact.SearchBatch(queries, k, null, excludedRows);
        return new ExactAnswers(
            Array.ConvertAll(best, list => Array.ConvertAll(list, candidate => candidate.Row)),
            Array.ConvertAll(best, list => list.Length == 0 ? float.NegativeInfinity : list[^1].Score),
            k)
        {
            Count = best.Sum(list => (long)list.Length),
        };
    }

    /// <summary>The rows of a query's answers, best first.</summary>
    public ReadOnlySpan<int> Rows(int query) => _rows[query];

    /// <summary>The score of a query's last answer.</summary>
    public float Worst(int query) => _worst[query];

    /// <summary>How many of a query's best items are among those found; one that scores the same as the last of the best counts too.</summary>
    public int Found(int query, ReadOnlySpan<Candidate> found)
    {
        var hits = 0;
        foreach (var candidate in found)
        {
            hits += candidate.Score >= _worst[query] || _rows[query].AsSpan().Contains(candidate.Row) ? 1 : 0;
        }

        return hits;
    }

    private static IEnumerable<ReadOnlyMemory<float>> Batches(ScannIndex index)
    {
        var dimension = index.Dimension;
        var rows = Math.Max(1, BatchValues / dimension);
        for (var first = 0; first < index.Count; first += rows)
        {
            var count = Math.Min(rows, index.Count - first);
            var batch = new float[count * dimension];
            for (var row = 0; row < count; row++)
            {
                index.CopyEmbedding(first + row, batch.AsSpan(row * dimension, dimension));
            }

            yield return batch;
        }
    }
}

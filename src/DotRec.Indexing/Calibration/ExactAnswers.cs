namespace DotRec.Indexing;

/// <summary>The k best items of each query by the rows that the index rescores with, and how many of them a search found.</summary>
internal sealed class ExactAnswers
{
    private const int BatchValues = 1 << 20;

    private readonly Candidate[][] _best;

    private ExactAnswers(Candidate[][] best) => _best = best;

    /// <summary>Scores every item against every query, on all processors.</summary>
    public static ExactAnswers Of(ScannIndex index, ReadOnlySpan<float> queries, int k)
    {
        using var exact = new StreamingIndex(Batches(index), index.Dimension, ItemIds.Range(index.Count), index.ScoreFunction);
        return new ExactAnswers(exact.SearchBatch(queries, k));
    }

    /// <summary>How many of a query's best items are among those found; one that scores the same as the last of the best counts too.</summary>
    public int Found(int query, ReadOnlySpan<Candidate> found)
    {
        var (best, hits) = (_best[query], 0);
        foreach (var candidate in found)
        {
            hits += candidate.Score >= best[^1].Score || Array.Exists(best, other => other.Row == candidate.Row) ? 1 : 0;
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

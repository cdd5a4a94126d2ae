using DotRec.Indexing;

namespace DotRec.Cli;

/// <summary>The right answers: for each query the k best items, and any that tie with the k-th of them.</summary>
internal sealed class GroundTruth
{
    // Ties are looked for among this many times k items: enough for real vectors, and bounded for a corpus of equal ones.
    private const int TieReach = 4;

    private readonly int[][] _rows;

    private GroundTruth(int k, int[][] rows)
    {
        K = k;
        _rows = rows;
    }

    public int K { get; }

    /// <summary>Rows of the right answers of each query, best first; k or, with ties, more.</summary>
    public IReadOnlyList<int[]> Rows => _rows;

    /// <summary>Asks an exact index.</summary>
    public static GroundTruth Compute(IItemIndex index, VectorCorpus corpus, int k)
    {
        var lists = index.SearchBatch(corpus.Queries, Math.Min(index.Count, TieReach * k));
        return new GroundTruth(k, Array.ConvertAll(lists, list =>
        {
            var worst = list[Math.Min(k, list.Length) - 1].Score;
            return list.TakeWhile(candidate => candidate.Score >= worst).Select(candidate => candidate.Row).ToArray();
        }));
    }

    /// <summary>How many of at most k found candidates are right.</summary>
    public int Hits(int query, ReadOnlySpan<Candidate> found)
    {
        var hits = 0;
        foreach (var candidate in found)
        {
            hits += _rows[query].AsSpan().Contains(candidate.Row) ? 1 : 0;
        }

        return hits;
    }
}

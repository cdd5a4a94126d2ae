using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>The right answers: for each query the k best items, and any that tie with the k-th of them.</summary>
internal sealed class GroundTruth
{
    // Ties are looked for among this many times k items: enough for real vectors, and bounded for a corpus of equal ones.
    private const int TieReach = 4;
    private const int BlockQueries = 256;

    private readonly int[][] _rows;

    private GroundTruth(int k, int[][] rows)
    {
        K = k;
        _rows = rows;
    }

    public int K { get; }

    /// <summary>Rows of the right answers of each query, best first; k or, with ties, more.</summary>
    public IReadOnlyList<int[]> Rows => _rows;

    /// <summary>Asks an exact index for the right answers among the items that a filter allows, on all threads.</summary>
    public static GroundTruth Compute(IItemIndex index, VectorCorpus corpus, int k, ItemFilter? filter = null, CancellationToken cancellation = default) =>
        new(k, [.. InBlocks(index, corpus, k, filter, cancellation)]);

    /// <summary>Asks an exact index, each question with a filter of its own.</summary>
    public static GroundTruth Compute(IItemIndex exact, VectorCorpus corpus, int k, IReadOnlyList<FilteredQuery> questions, CancellationToken cancellation)
    {
        if (questions.All(question => ReferenceEquals(question.Filter, questions[0].Filter)))
        {
            return Compute(exact, corpus.WithQueries([.. questions.Select(question => question.Query)]), k, questions[0].Filter, cancellation);
        }

        var rows = new int[questions.Count][];
        Parallelism.For(rows.Length, part =>
        {
            cancellation.ThrowIfCancellationRequested();
            var question = questions[part];
            rows[part] = Right(exact.Search(corpus.Query(question.Query), TieReach * k, question.Filter), k);
        });
        return new GroundTruth(k, rows);
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

    /// <summary>Share of the right answers that was found, where so many can be found a query.</summary>
    public double Recall(Candidate[][] answers, int expected) => answers.Select((answer, query) => Hits(query, answer)).Sum() / ((double)expected * answers.Length);

    // A block is a moment's work, so that a cancellation is heard.
    private static IEnumerable<int[]> InBlocks(IItemIndex index, VectorCorpus corpus, int k, ItemFilter? filter, CancellationToken cancellation)
    {
        for (var first = 0; first < corpus.QueryCount; first += BlockQueries)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = corpus.Queries.AsSpan(first * corpus.Dimension, Math.Min(BlockQueries, corpus.QueryCount - first) * corpus.Dimension);
            foreach (var list in index.SearchBatch(values, Math.Min(index.Count, TieReach * k), filter))
            {
                yield return Right(list, k);
            }
        }
    }

    private static int[] Right(Candidate[] list, int k)
    {
        var worst = list[Math.Min(k, list.Length) - 1].Score;
        return [.. list.TakeWhile(candidate => candidate.Score >= worst).Select(candidate => candidate.Row)];
    }
}

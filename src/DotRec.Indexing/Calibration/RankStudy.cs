using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// For every right answer of every query: on which partition of the query's way it is met, and how many entries score better by their codes when so
/// many partitions have been scanned. That is all there is to know of every number of partitions and of candidates, from one scan a query.
/// </summary>
internal sealed class RankStudy
{
    // Worse than any rank.
    private const int Never = int.MaxValue;

    private readonly SearchSpace _space;
    private readonly int[] _steps;
    private readonly int _k;

    // [query, step, answer]: how many candidates have to be rescored for the answer to be among them.
    private readonly int[][] _ranks;

    private RankStudy(SearchSpace space, int[] steps, int queryCount, int k)
    {
        _space = space;
        _steps = steps;
        _k = k;
        _ranks = new int[queryCount][];
    }

    /// <summary>Scans.</summary>
    /// <param name="searcher">With which kernels.</param>
    /// <param name="space">An index.</param>
    /// <param name="queries">[Q, D].</param>
    /// <param name="answers">The right ones.</param>
    /// <param name="excludedRows">Rows that each query may not return, or null.</param>
    /// <param name="steps">Numbers of partitions, ascending.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static RankStudy Run(
        ScannSearcher searcher, SearchSpace space, ReadOnlyMemory<float> queries, ExactAnswers answers, IReadOnlyList<int[]>? excludedRows, int[] steps,
        CancellationToken cancellationToken)
    {
        var study = new RankStudy(space, steps, answers.QueryCount, answers.K);
        var dimension = space.Items.Dimension;
        Parallelism.For(answers.QueryCount, query =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scan = new RankScan(searcher, space, queries.Span.Slice(query * dimension, dimension), excludedRows?[query]);
            study._ranks[query] = study.Ranks(scan, answers.Rows(query));
        });
        return study;
    }

    /// <summary>[P]: how many answers are met when that many partitions and one have been scanned: no setting finds more.</summary>
    public static long[] Places(ScannSearcher searcher, SearchSpace space, ReadOnlyMemory<float> queries, ExactAnswers answers, CancellationToken cancellationToken)
    {
        var (dimension, places) = (space.Items.Dimension, new int[answers.QueryCount][]);
        Parallelism.For(answers.QueryCount, query =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scan = new RankScan(searcher, space, queries.Span.Slice(query * dimension, dimension), null);
            places[query] = scan.Places(answers.Rows(query));
        });
        var met = new long[space.Items.Codes.PartitionCount];
        foreach (var place in places.SelectMany(list => list))
        {
            met[place]++;
        }

        for (var place = 1; place < met.Length; place++)
        {
            met[place] += met[place - 1];
        }

        return met;
    }

    /// <summary>Answers that are found with the partitions of a step and some candidates.</summary>
    public long Found(int step, int candidates)
    {
        var found = 0L;
        foreach (var ranks in _ranks)
        {
            foreach (var rank in ranks.AsSpan(step * _k, _k))
            {
                found += rank <= candidates ? 1 : 0;
            }
        }

        return found;
    }

    private int[] Ranks(RankScan scan, ReadOnlySpan<int> rows)
    {
        var ranks = new int[_steps.Length * _k];
        Array.Fill(ranks, Never);
        scan.Find(rows);
        var (taken, entries) = (0, _space.Items.EntriesACandidate);
        for (var step = 0; step < _steps.Length; step++)
        {
            for (; taken < _steps[step]; taken++)
            {
                scan.Visit(taken);
            }

            for (var answer = 0; answer < rows.Length; answer++)
            {
                // So many entries of the list are one candidate; of them projected rows choose.
                var rank = scan.Rank(answer);
                ranks[(step * _k) + answer] = rank == Never ? Never : Math.Max((rank + entries) / entries, scan.SieveRank(answer) + 1);
            }
        }

        return ranks;
    }
}

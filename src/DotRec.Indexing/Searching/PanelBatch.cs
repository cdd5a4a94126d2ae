using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// A batch of queries against panels, in parallel: the queries in blocks, and the panels in runs where there are few blocks. The answer does
/// not depend on the split: the best k under (score, then row) are one set, and each score has the same bits wherever it is made.
/// </summary>
internal readonly unsafe struct PanelBatch : IParallelBody
{
    // Fixed numbers, so that the work is the same at any thread count. A block reads the panels once: with 32 queries scoring takes longer
    // than that. Every run selects its own k best, some k·log(rows / k) of its rows: with 2048 k rows that is small beside scoring them.
    private const int EnoughParts = 16;
    private const int MinQueriesPerBlock = 32;
    private const int MinRowsPerRun = 4096;
    private const int MinRowsPerCandidate = 2048;

    private readonly BruteForceIndex _index;
    private readonly float* _queries;
    private readonly int _queryCount;
    private readonly int _k;
    private readonly Candidate* _results;
    private readonly int* _counts;
    private readonly ItemFilter? _filter;
    private readonly IReadOnlyList<int[]>? _excludedRows;
    private readonly int _blockQueries;
    private readonly int _runs;

    private PanelBatch(
        BruteForceIndex index, float* queries, int queryCount, int k, Candidate* results, int* counts, ItemFilter? filter, IReadOnlyList<int[]>? excludedRows,
        int blockQueries, int runs)
    {
        _index = index;
        _queries = queries;
        _queryCount = queryCount;
        _k = k;
        _results = results;
        _counts = counts;
        _filter = filter;
        _excludedRows = excludedRows;
        _blockQueries = blockQueries;
        _runs = runs;
    }

    /// <summary>Answers checked arguments; the caller holds the index's memory.</summary>
    public static void Search(
        BruteForceIndex index, ReadOnlySpan<float> queries, int queryCount, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter,
        IReadOnlyList<int[]>? excludedRows)
    {
        var blockQueries = Math.Clamp(queryCount / EnoughParts / PanelKernels.Queries * PanelKernels.Queries, MinQueriesPerBlock, QueryBlock.Capacity);
        var blocks = (queryCount + blockQueries - 1) / blockQueries;
        var width = Math.Min(k, index.Count);
        var runs = Runs(index.Count, blocks, queryCount, width);
        fixed (float* query = queries)
        fixed (Candidate* result = results)
        fixed (int* count = counts)
        {
            if (runs == 1)
            {
                Parallelism.For(blocks, new PanelBatch(index, query, queryCount, k, result, count, filter, excludedRows, blockQueries, runs));
                return;
            }

            // Run r of query q has its candidates at partial[r, q].
            var partial = new Candidate[(long)runs * queryCount * width];
            var partialCounts = new int[runs * queryCount];
            fixed (Candidate* partialResult = partial)
            fixed (int* partialCount = partialCounts)
            {
                Parallelism.For(
                    blocks * runs, new PanelBatch(index, query, queryCount, width, partialResult, partialCount, filter, excludedRows, blockQueries, runs));
            }

            Merge(partial, partialCounts, runs, width, queryCount, k, results, counts);
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        var (block, run) = (part / _runs, part % _runs);
        var firstQuery = block * _blockQueries;
        var endQuery = Math.Min(firstQuery + _blockQueries, _queryCount);
        var panels = _index.Panels;
        var found = QueryBlock.Rent(_index.Count, _index.Dimension, _index.ScoreFunction, _k);
        for (var query = firstQuery; query < endQuery; query++)
        {
            found.Add(new ReadOnlySpan<float>(_queries + ((long)query * _index.Dimension), _index.Dimension), query, _excludedRows?[query]);
        }

        var first = (int)((long)panels.PanelCount * run / _runs);
        var end = (int)((long)panels.PanelCount * (run + 1) / _runs);
        PanelScan.Run(panels, first, end, 0, _filter, found, _index.ScoreFunction, _index.InstructionSet);
        for (var query = firstQuery; query < endQuery; query++)
        {
            var at = ((long)run * _queryCount) + query;
            _counts[at] = found.CopyBest(query - firstQuery, new Span<Candidate>(_results + (at * _k), _k));
        }

        found.Return();
    }

    private static int Runs(int rows, int blocks, int queryCount, int width)
    {
        var useful = Math.Min(rows / Math.Max(MinRowsPerRun, (long)MinRowsPerCandidate * width), EnoughParts / Math.Max(blocks, 1));
        var storable = Array.MaxLength / Math.Max((long)queryCount * width, 1);
        return (int)Math.Max(1, Math.Min(useful, storable));
    }

    private static void Merge(
        Candidate[] partial, int[] partialCounts, int runs, int width, int queryCount, int k, Span<Candidate> results, Span<int> counts)
    {
        var selector = new TopSelector(width);
        var scores = new float[width];
        var rows = new int[width];
        for (var query = 0; query < queryCount; query++)
        {
            selector.Clear();
            for (var run = 0; run < runs; run++)
            {
                var at = (run * queryCount) + query;
                for (var i = 0; i < partialCounts[at]; i++)
                {
                    var candidate = partial[((long)at * width) + i];
                    selector.Add(candidate.Score, candidate.Row);
                }
            }

            counts[query] = selector.CopyBest(scores, rows);
            for (var i = 0; i < counts[query]; i++)
            {
                results[(query * k) + i] = new Candidate(rows[i], scores[i]);
            }
        }
    }
}

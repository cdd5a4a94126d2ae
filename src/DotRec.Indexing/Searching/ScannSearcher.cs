using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The stages of a search in order: route, make tables, scan, rescore. Which kernels run is chosen once an index.</summary>
internal abstract class ScannSearcher
{
    /// <summary>The searcher with some kernels: every one finds the same candidates.</summary>
    public static ScannSearcher Of(PackedLookupVariant variant) => variant switch
    {
        PackedLookupVariant.Avx512Vbmi => new ScannSearcher<PanelAvx512, PackedLookupAvx512Vbmi>(),
        PackedLookupVariant.Avx512BW => new ScannSearcher<PanelAvx512, PackedLookupAvx512>(),
        PackedLookupVariant.Avx2 => new ScannSearcher<PanelAvx2, PackedLookupAvx2>(),
        PackedLookupVariant.AdvSimd => new ScannSearcher<PanelPortable, PackedLookupAdvSimd>(),
        _ => new ScannSearcher<PanelPortable, PackedLookupPortable>(),
    };

    /// <summary>Answers one checked query on this thread; the caller holds the memory of what is searched.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="vector">[D].</param>
    /// <param name="results">[k].</param>
    /// <param name="effort">How far to go.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="excludedRows">Rows that may not be returned.</param>
    /// <returns>How many candidates there are.</returns>
    public abstract int Search(
        SearchSpace space, ReadOnlySpan<float> vector, Span<Candidate> results, SearchEffort effort, ItemFilter? filter, ReadOnlySpan<int> excludedRows);

    /// <summary>Answers a checked batch, in parallel; the caller holds the memory of what is searched.</summary>
    public abstract void SearchBatch(ScannBatchArguments batch, ReadOnlySpan<float> vectors, Span<Candidate> results, Span<int> counts);

    /// <summary>Scores the centroids of all partitions for a query.</summary>
    public abstract void Route(SearchSpace space, ScannQuery query);

    /// <summary>The approximate scores of all entries of a partition of an index.</summary>
    /// <param name="space">The index.</param>
    /// <param name="query">The query, ready to scan.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="bias">Score of its centroid.</param>
    /// <param name="scores">[entries], written.</param>
    public abstract unsafe void ScoreAll(SearchSpace space, ScannQuery query, int partition, float bias, float* scores);
}

/// <summary>A <see cref="ScannSearcher"/> with its kernels.</summary>
internal sealed unsafe class ScannSearcher<TPanel, TLookup> : ScannSearcher
    where TPanel : struct, IPanelKernel
    where TLookup : struct, IPackedLookupKernel
{
    [ThreadStatic]
    private static EntryMask? t_mask;

    /// <inheritdoc/>
    public override int Search(
        SearchSpace space, ReadOnlySpan<float> vector, Span<Candidate> results, SearchEffort effort, ItemFilter? filter, ReadOnlySpan<int> excludedRows)
    {
        var query = ScannQuery.Rent();
        var mask = t_mask ?? new EntryMask();
        t_mask = null;
        mask.Begin(space, filter);
        query.Begin(space, vector, -1, excludedRows);
        var count = Answer(space, query, results, effort, filter, mask);
        mask.Release();
        t_mask = mask;
        query.Return();
        return count;
    }

    /// <summary>Takes a query that was begun through all stages.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="query">The query.</param>
    /// <param name="results">[k].</param>
    /// <param name="effort">How far to go.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="mask">The entries that may be, begun with the filter.</param>
    /// <returns>How many candidates there are.</returns>
    internal static int Answer(SearchSpace space, ScannQuery query, Span<Candidate> results, SearchEffort effort, ItemFilter? filter, EntryMask mask)
    {
        if (results.IsEmpty || space.RowCount == 0)
        {
            return 0;
        }

        query.Plan<TPanel>(effort, results.Length, filter, mask);
        if (!query.IsDirect)
        {
            query.PrepareScan();
            var runs = new EntryRuns(space, mask.IsOpen ? null : mask);
            Scan(query, ref runs, 0, query.Route.Count);
            while (query.GoOn(out var from))
            {
                Scan(query, ref runs, from, query.Route.Count);
            }
        }

        return query.Rescore(filter, mask, results);
    }

    /// <inheritdoc/>
    public override void SearchBatch(ScannBatchArguments batch, ReadOnlySpan<float> vectors, Span<Candidate> results, Span<int> counts) =>
        ScannBatch<TPanel, TLookup>.Search(batch, vectors, results, counts);

    /// <summary>Scans the partitions on a query's route.</summary>
    /// <param name="query">The query, ready to scan.</param>
    /// <param name="runs">What is scanned.</param>
    /// <param name="from">Partitions before this one are left out.</param>
    /// <param name="end">And those from this one on.</param>
    internal static void Scan(ScannQuery query, ref EntryRuns runs, int from, int end)
    {
        EntryRun run;
        for (var i = from; i < end; i++)
        {
            runs.Begin(query.Route.Partitions[i]);
            while (runs.Next(&run))
            {
                query.Scan.Scan<TLookup>(&run, query.Route.Biases[i], query.Excluded);
            }
        }
    }

    /// <inheritdoc/>
    public override void Route(SearchSpace space, ScannQuery query) => query.Route.Begin<TPanel>(space.Items.Router, query.Vector.Coded);

    /// <inheritdoc/>
    public override void ScoreAll(SearchSpace space, ScannQuery query, int partition, float bias, float* scores)
    {
        var runs = new EntryRuns(space, null);
        EntryRun run;
        runs.Begin(partition);
        while (runs.Next(&run))
        {
            query.Scan.ScoreAll<TLookup>(&run, bias, scores);
            scores += run.Packed.Count;
        }
    }
}

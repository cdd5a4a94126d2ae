using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// A batch of queries against an approximate index, in parallel: the queries in blocks, and each block partition by partition, so that codes
/// are read once for many queries and by two of them at a time. What a query finds does not depend on the order of its partitions, so the
/// answers are those of single searches.
/// </summary>
internal readonly unsafe struct ScannBatch<TPanel, TLookup> : IParallelBody
    where TPanel : struct, IPanelKernel
    where TLookup : struct, IPackedLookupKernel
{
    private readonly ScannBatchArguments _batch;
    private readonly float* _vectors;
    private readonly Candidate* _results;
    private readonly int* _counts;

    private ScannBatch(ScannBatchArguments batch, float* vectors, Candidate* results, int* counts)
    {
        _batch = batch;
        _vectors = vectors;
        _results = results;
        _counts = counts;
    }

    /// <summary>Answers checked arguments; the caller holds the snapshot's memory.</summary>
    public static void Search(ScannBatchArguments batch, ReadOnlySpan<float> vectors, Span<Candidate> results, Span<int> counts)
    {
        fixed (float* vector = vectors)
        fixed (Candidate* result = results)
        fixed (int* count = counts)
        {
            Parallelism.For(batch.BlockCount, new ScannBatch<TPanel, TLookup>(batch, vector, result, count));
        }
    }

    /// <inheritdoc/>
    public void Run(int part)
    {
        var first = (int)((long)_batch.QueryCount * part / _batch.BlockCount);
        var end = (int)((long)_batch.QueryCount * (part + 1) / _batch.BlockCount);
        var block = ScannQueryBlock.Rent(end - first);
        var dimension = _batch.Space.Items.Dimension;
        for (var query = first; query < end; query++)
        {
            block[query - first].Begin(
                _batch.Space, new ReadOnlySpan<float>(_vectors + ((long)query * dimension), dimension), query, _batch.ExcludedRows?[query]);
        }

        var queries = block.Queries(end - first);
        var isGrouped = _batch.IsGrouped;
        block.Mask.Begin(_batch.Space, _batch.Filter);
        if (isGrouped)
        {
            Scan(queries, block.Mask);
        }

        for (var query = 0; query < queries.Length; query++)
        {
            var results = new Span<Candidate>(_results + ((long)(first + query) * _batch.K), _batch.K);
            _counts[first + query] = isGrouped
                ? queries[query].Rescore(_batch.Filter, block.Mask, results)
                : ScannSearcher<TPanel, TLookup>.Answer(_batch.Space, queries[query], results, _batch.Effort, _batch.Filter, block.Mask);
        }

        block.Return();
    }

    private void Scan(ReadOnlySpan<ScannQuery> queries, EntryMask mask)
    {
        var runs = new EntryRuns(_batch.Space, mask.IsOpen ? null : mask);
        foreach (var query in queries)
        {
            query.Plan<TPanel>(_batch.Effort, _batch.K, _batch.Filter, mask);
            if (!query.IsDirect)
            {
                query.PrepareScan();

                // The best partition of each query first: what it finds there gives the threshold for all the others.
                ScannSearcher<TPanel, TLookup>.Scan(query, ref runs, 0, Math.Min(1, query.Route.Count));
            }
        }

        var visits = VisitsByPartition(queries, out var begins);
        for (var partition = 0; partition < _batch.Space.Items.Codes.PartitionCount; partition++)
        {
            var partitionVisits = visits.AsSpan(begins[partition]..begins[partition + 1]);
            if (!partitionVisits.IsEmpty)
            {
                runs.Begin(partition);
                Scan(ref runs, partitionVisits, queries);
            }
        }

        foreach (var query in queries)
        {
            while (query.GoOn(out var from))
            {
                ScannSearcher<TPanel, TLookup>.Scan(query, ref runs, from, query.Route.Count);
            }
        }
    }

    private static void Scan(ref EntryRuns runs, ReadOnlySpan<(int Query, int Order)> visits, ReadOnlySpan<ScannQuery> queries)
    {
        EntryRun run;
        while (runs.Next(&run))
        {
            var visit = 0;
            for (; visit + 1 < visits.Length; visit += 2)
            {
                var (one, two) = (queries[visits[visit].Query], queries[visits[visit + 1].Query]);
                var (biasOne, biasTwo) = (one.Route.Biases[visits[visit].Order], two.Route.Biases[visits[visit + 1].Order]);
                CodeScan.Scan<TLookup>(&run, one.Scan, biasOne, one.Excluded, two.Scan, biasTwo, two.Excluded);
            }

            if (visit < visits.Length)
            {
                var query = queries[visits[visit].Query];
                query.Scan.Scan<TLookup>(&run, query.Route.Biases[visits[visit].Order], query.Excluded);
            }
        }
    }

    // Which queries go to each partition, but for the first partition of each: a counting sort.
    private (int Query, int Order)[] VisitsByPartition(ReadOnlySpan<ScannQuery> queries, out int[] begins)
    {
        begins = new int[_batch.Space.Items.Codes.PartitionCount + 2];
        var total = 0;
        foreach (var query in queries)
        {
            foreach (var partition in Others(query))
            {
                begins[partition + 2]++;
                total++;
            }
        }

        for (var partition = 2; partition < begins.Length; partition++)
        {
            begins[partition] += begins[partition - 1];
        }

        // begins[p + 1] moves from the begin of p to its end while the visits are written.
        var visits = new (int Query, int Order)[total];
        for (var query = 0; query < queries.Length; query++)
        {
            var partitions = Others(queries[query]);
            for (var i = 0; i < partitions.Length; i++)
            {
                visits[begins[partitions[i] + 1]++] = (query, i + 1);
            }
        }

        return visits;
    }

    // All partitions on a query's way but the first.
    private static ReadOnlySpan<int> Others(ScannQuery query) => query.IsDirect || query.Route.Count == 0 ? [] : query.Route.Partitions[1..];
}

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
        var dimension = _batch.Snapshot.Dimension;
        for (var query = first; query < end; query++)
        {
            block[query - first].Begin(
                _batch.Snapshot, new ReadOnlySpan<float>(_vectors + ((long)query * dimension), dimension), query, _batch.ExcludedRows?[query]);
        }

        if (_batch.Filter is not { IsSelective: true } && _batch.Snapshot.Count > 0)
        {
            Scan(block.Queries(end - first));
        }

        for (var query = first; query < end; query++)
        {
            var results = new Span<Candidate>(_results + ((long)query * _batch.K), _batch.K);
            _counts[query] = _batch.Snapshot.Count == 0 ? 0
                : _batch.Filter is { IsSelective: true } few ? block[query - first].RescoreAllowed(few.Filter, results)
                : block[query - first].Rescore(results);
        }

        block.Return();
    }

    private void Scan(ReadOnlySpan<ScannQuery> queries)
    {
        // The best partition of each query first: what it finds there gives the threshold for all the others.
        foreach (var query in queries)
        {
            query.Route<TPanel>(_batch.PartitionsToSearch);
            query.PrepareScan(_batch.RescoringCount);
            query.Scan<TLookup>(0, _batch.Filter);
        }

        var visits = VisitsByPartition(queries, out var begins);
        for (var partition = 0; partition < _batch.Snapshot.Codes.PartitionCount; partition++)
        {
            var partitionVisits = visits.AsSpan(begins[partition]..begins[partition + 1]);
            if (!partitionVisits.IsEmpty)
            {
                Scan(partition, partitionVisits, queries);
            }
        }
    }

    private void Scan(int partition, ReadOnlySpan<(int Query, int Order)> visits, ReadOnlySpan<ScannQuery> queries)
    {
        var count = _batch.Snapshot.Codes.Partitions[partition].Count;
        for (var first = 0; first < count; first += Shortlist.GreatestBatch)
        {
            var visit = 0;
            for (; visit + 1 < visits.Length; visit += 2)
            {
                var (one, two) = (visits[visit], visits[visit + 1]);
                queries[one.Query].ScanRun<TLookup>(queries[two.Query], one.Order, two.Order, first, _batch.Filter);
            }

            if (visit < visits.Length)
            {
                queries[visits[visit].Query].ScanRun<TLookup>(visits[visit].Order, first, _batch.Filter);
            }
        }
    }

    // Which queries go to each partition, but for the first partition of each: a counting sort.
    private (int Query, int Order)[] VisitsByPartition(ReadOnlySpan<ScannQuery> queries, out int[] begins)
    {
        begins = new int[_batch.Snapshot.Codes.PartitionCount + 2];
        var total = 0;
        foreach (var query in queries)
        {
            foreach (var partition in query.Partitions[1..])
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
            var partitions = queries[query].Partitions;
            for (var order = 1; order < partitions.Length; order++)
            {
                visits[begins[partitions[order] + 1]++] = (query, order);
            }
        }

        return visits;
    }
}

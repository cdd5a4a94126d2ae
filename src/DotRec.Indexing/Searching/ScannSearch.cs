using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The stages of a search in order: route, make tables, scan, rescore. Chooses the kernels once for all of them.</summary>
internal static class ScannSearch
{
    /// <summary>Answers one checked query on this thread; the caller holds the snapshot's memory.</summary>
    /// <param name="snapshot">What is searched.</param>
    /// <param name="variant">Which kernels to use: every one finds the same candidates.</param>
    /// <param name="vector">[D].</param>
    /// <param name="results">[k].</param>
    /// <param name="partitionsToSearch">1 to P.</param>
    /// <param name="rescoringCount">R, at least k.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="excludedRows">Rows that may not be returned.</param>
    /// <returns>How many candidates there are.</returns>
    public static int Run(
        ScannSnapshot snapshot, PackedLookupVariant variant, ReadOnlySpan<float> vector, Span<Candidate> results,
        int partitionsToSearch, int rescoringCount, EntryFilter? filter, ReadOnlySpan<int> excludedRows)
    {
        var query = ScannQuery.Rent();
        query.Begin(snapshot, vector, -1, excludedRows);
        var count = 0;
        if (filter is { IsSelective: true })
        {
            count = query.RescoreAllowed(filter.Filter, results);
        }
        else if (!results.IsEmpty && snapshot.Count > 0)
        {
            switch (variant)
            {
                case PackedLookupVariant.Avx512Vbmi:
                    Scan<PanelAvx512, PackedLookupAvx512Vbmi>(query, partitionsToSearch, rescoringCount, filter);
                    break;
                case PackedLookupVariant.Avx512BW:
                    Scan<PanelAvx512, PackedLookupAvx512>(query, partitionsToSearch, rescoringCount, filter);
                    break;
                case PackedLookupVariant.Avx2:
                    Scan<PanelAvx2, PackedLookupAvx2>(query, partitionsToSearch, rescoringCount, filter);
                    break;
                case PackedLookupVariant.AdvSimd:
                    Scan<PanelPortable, PackedLookupAdvSimd>(query, partitionsToSearch, rescoringCount, filter);
                    break;
                default:
                    Scan<PanelPortable, PackedLookupPortable>(query, partitionsToSearch, rescoringCount, filter);
                    break;
            }

            count = query.Rescore(results);
        }

        query.Return();
        return count;
    }

    /// <summary>Answers a checked batch, in parallel; the caller holds the snapshot's memory.</summary>
    public static void Run(
        ScannBatchArguments batch, PackedLookupVariant variant, ReadOnlySpan<float> vectors, Span<Candidate> results, Span<int> counts)
    {
        switch (variant)
        {
            case PackedLookupVariant.Avx512Vbmi:
                ScannBatch<PanelAvx512, PackedLookupAvx512Vbmi>.Search(batch, vectors, results, counts);
                break;
            case PackedLookupVariant.Avx512BW:
                ScannBatch<PanelAvx512, PackedLookupAvx512>.Search(batch, vectors, results, counts);
                break;
            case PackedLookupVariant.Avx2:
                ScannBatch<PanelAvx2, PackedLookupAvx2>.Search(batch, vectors, results, counts);
                break;
            case PackedLookupVariant.AdvSimd:
                ScannBatch<PanelPortable, PackedLookupAdvSimd>.Search(batch, vectors, results, counts);
                break;
            default:
                ScannBatch<PanelPortable, PackedLookupPortable>.Search(batch, vectors, results, counts);
                break;
        }
    }

    private static void Scan<TPanel, TLookup>(ScannQuery query, int partitionsToSearch, int rescoringCount, EntryFilter? filter)
        where TPanel : struct, IPanelKernel
        where TLookup : struct, IPackedLookupKernel
    {
        query.Route<TPanel>(partitionsToSearch);
        query.PrepareScan(rescoringCount);
        for (var i = 0; i < query.Partitions.Length; i++)
        {
            query.Scan<TLookup>(i, filter);
        }
    }
}

using System.Buffers;
using System.Collections.Concurrent;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>Makes a sparse vector of what a query has had, and searches lists from item to item with it.</summary>
internal sealed class HistoryEncoder : QueryEncoder
{
    // Queries that one thread answers before it takes the next ones.
    private const int Range = 16;

    private readonly ConcurrentBag<QueryCall> _idle = [];
    private readonly ItemIds _ids;
    private readonly QueryHistories? _known;
    private readonly int _feature;
    private readonly float[] _weights;

    /// <param name="query">How histories are read.</param>
    /// <param name="signature">The features.</param>
    /// <param name="ids">The items.</param>
    /// <param name="known">What ids had in training; null where nothing is known.</param>
    public HistoryEncoder(HistoryQuery query, ModelSignature signature, ItemIds ids, QueryHistories? known)
        : base(signature, new QueryReader(signature, signature.OptionalFeatures))
    {
        (_ids, _known) = (ids, known);
        _feature = signature.Features.ToList().FindIndex(feature => string.Equals(feature.Name, query.Feature, StringComparison.Ordinal));

        // By age: what is so old that it weighs nothing in float32 does not count.
        _weights = [.. Enumerable.Range(0, query.Length).Select(age => (float)Math.Pow(query.Decay, age)).TakeWhile(weight => weight > 1e-6f)];
    }

    public override QueryCall Rent()
    {
        if (!_idle.TryTake(out var call))
        {
            return new HistoryCall(Signature, _feature, _weights.Length, _ids, _known);
        }

        call.Clear();
        return call;
    }

    public override void Return(QueryCall call) => _idle.Add(call);

    public override void Search(QueryCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded, CandidateLists lists)
    {
        var (histories, index, filter) = ((HistoryCall)call, (SparseIndex)items.Index, selection.Filter);
        if (call.RowCount == 1)
        {
            Search(histories, index, filter, excluded, lists, 0);
            return;
        }

        Parallelism.ForRanges(call.RowCount, Range, (start, end) =>
        {
            for (var query = start; query < end; query++)
            {
                Search(histories, index, filter, excluded, lists, query);
            }
        });
    }

    public override bool IsUnknown(QueryCall call, int row, QueryIdentity identity, SeenItems? seen) => ((HistoryCall)call).Of(row).IsEmpty;

    public override ReadOnlySpan<int> HadBy(QueryCall call, int row) => ((HistoryCall)call).GivenBy(row);

    public override float[] Embed<TQuery>(TQuery query) => throw NoEmbeddings();

    public override float[] EmbedAll(FeatureBatch queries) => throw NoEmbeddings();

    public override void Dispose()
    {
        while (_idle.TryTake(out var call))
        {
            call.Dispose();
        }
    }

    private void Search(HistoryCall call, SparseIndex index, ItemFilter? filter, ExcludedRows excluded, CandidateLists lists, int query)
    {
        var had = call.Of(query);
        var weights = ArrayPool<float>.Shared.Rent(had.Length);
        var newestFirst = ArrayPool<int>.Shared.Rent(had.Length);
        _weights.AsSpan(0, had.Length).CopyTo(weights);
        had.CopyTo(newestFirst);
        newestFirst.AsSpan(0, had.Length).Reverse();
        lists.Counts[query] = index.Search(newestFirst.AsSpan(0, had.Length), weights.AsSpan(0, had.Length), lists.RoomOf(query), filter, excluded.Of(query));
        ArrayPool<int>.Shared.Return(newestFirst);
        ArrayPool<float>.Shared.Return(weights);
    }

    private static InvalidOperationException NoEmbeddings() => new(
        "This recommender has no embeddings of queries: it goes from item to item. Ask it with Recommend, or train a model of two towers.");
}

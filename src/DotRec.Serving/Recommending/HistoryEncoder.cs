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
    private readonly HistoryPlaces _places;
    private readonly HistoryWeights _weights;

    /// <param name="query">How histories are read.</param>
    /// <param name="signature">The features.</param>
    /// <param name="ids">The items.</param>
    /// <param name="known">What ids had in training; null where nothing is known.</param>
    /// <param name="queryId">The feature that tells who asks; null where nothing does.</param>
    public HistoryEncoder(HistoryQuery query, ModelSignature signature, ItemIds ids, QueryHistories? known, string? queryId)
        : base(signature, new QueryReader(signature, signature.OptionalFeatures))
    {
        (_ids, _known) = (ids, known);
        _places = HistoryPlaces.In(signature, query.Feature, queryId);
        _weights = new HistoryWeights(query);
    }

    public override QueryCall Rent()
    {
        if (!_idle.TryTake(out var call))
        {
            return new HistoryCall(Signature, new HistoryRows(_places, _weights.Length, _ids, _known));
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

    public override bool IsUnknown(QueryCall call, int row, QueryIdentity identity, SeenItems? seen) => ((HistoryCall)call).Rows.Of(row).IsEmpty;

    public override ReadOnlySpan<int> HadBy(QueryCall call, int row) => ((HistoryCall)call).Rows.GivenBy(row);

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
        using var weighted = _weights.Of(call.Rows.Of(query));
        lists.Counts[query] = index.Search(weighted.Rows, weighted.Weights, lists.RoomOf(query), filter, excluded.Of(query));
    }

    private static InvalidOperationException NoEmbeddings() => new(
        "This recommender has no embeddings of queries: it goes from item to item. Ask it with Recommend, or train a model of two towers.");
}

using System.Collections.Concurrent;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>Embeds queries by a model that reads their histories, or blends what a model finds with what histories lead to, or both.</summary>
internal sealed class HistoryModelEncoder : QueryEncoder
{
    // Queries that one thread answers before it takes the next ones.
    private const int Range = 16;

    private readonly ConcurrentBag<HistoryModelCall> _idle = [];
    private readonly ServedModel _model;
    private readonly ItemIds _ids;
    private readonly QueryHistories? _known;
    private readonly BlendedIndex? _blend;
    private readonly HistoryPlaces _places;
    private readonly HistoryWeights _weights;
    private readonly int _length;

    /// <param name="model">Embeds queries.</param>
    /// <param name="query">How histories are read.</param>
    /// <param name="ids">The items.</param>
    /// <param name="known">What ids had in training; null where nothing is known.</param>
    /// <param name="queryId">The feature that tells who asks; null where nothing does.</param>
    /// <param name="blend">Lists to blend with; null for the model alone.</param>
    public HistoryModelEncoder(ServedModel model, HistoryQuery query, ItemIds ids, QueryHistories? known, string? queryId, BlendedIndex? blend)
        : base(model.Signature, model.Reader)
    {
        (_model, _ids, _known, _blend) = (model, ids, known, blend);
        _places = HistoryPlaces.In(Signature, query.Feature, queryId);
        _weights = new HistoryWeights(query);
        _length = query.Length;
    }

    public override QueryCall Rent()
    {
        if (!_idle.TryTake(out var call))
        {
            return new HistoryModelCall(_model, Signature, _places, new HistoryRows(_places, _length, _ids, _known), _ids);
        }

        call.Clear();
        return call;
    }

    public override void Return(QueryCall call) => _idle.Add((HistoryModelCall)call);

    public override void Search(QueryCall call, RecommenderSnapshot items, in Selection selection, ExcludedRows excluded, CandidateLists lists)
    {
        var own = (HistoryModelCall)call;
        if (_blend is null)
        {
            TowerEncoder.Search(own.Model, items, selection, excluded, lists);
            return;
        }

        var filter = selection.Filter;
        if (call.RowCount == 1)
        {
            Search(own, filter, excluded, lists, 0);
            return;
        }

        Parallelism.ForRanges(call.RowCount, Range, (start, end) =>
        {
            for (var query = start; query < end; query++)
            {
                Search(own, filter, excluded, lists, query);
            }
        });
    }

    // Who is known by id or by what was had is known.
    public override bool IsUnknown(QueryCall call, int row, QueryIdentity identity, SeenItems? seen)
    {
        var own = (HistoryModelCall)call;
        return own.Rows.Of(row).IsEmpty && !identity.IsKnownTo(own.Model, row);
    }

    public override ReadOnlySpan<int> HadBy(QueryCall call, int row) => ((HistoryModelCall)call).Rows.GivenBy(row);

    public override float[] Embed<TQuery>(TQuery query)
    {
        var call = Rent();
        try
        {
            Reader.Add(query, call.Features);
            call.Run();
            return ((HistoryModelCall)call).Model.Output.ToArray();
        }
        finally
        {
            Return(call);
        }
    }

    public override float[] EmbedAll(FeatureBatch queries)
    {
        var call = (HistoryModelCall)Rent();
        try
        {
            return _model.EmbedAll(queries, call, call.Model);
        }
        finally
        {
            Return(call);
        }
    }

    public override void Dispose()
    {
        while (_idle.TryTake(out var call))
        {
            call.Dispose();
        }

        _model.Dispose();
    }

    private void Search(HistoryModelCall call, ItemFilter? filter, ExcludedRows excluded, CandidateLists lists, int query)
    {
        using var weighted = _weights.Of(call.Rows.Of(query));
        lists.Counts[query] = _blend!.Search(
            call.Model.Output.Slice(query * Signature.Width, Signature.Width), weighted.Rows, weighted.Weights, lists.RoomOf(query), filter, excluded.Of(query));
    }
}

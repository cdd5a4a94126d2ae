using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Rows to train on, and what models by histories make of them: once for all of them.</summary>
/// <param name="data">The catalogue and the names of the columns.</param>
/// <param name="train">The rows.</param>
/// <param name="time">Column of times, if there is one that says in which order rows happened; else they are in order.</param>
/// <param name="dateOrder">Whether day or month comes first in it.</param>
internal sealed class RetrievalRows(RetrievalData data, FeatureBatch train, string? time, DateOrder? dateOrder)
{
    private readonly Dictionary<double, Histories> _recent = [];
    private (FeatureBatch Rows, NextItems Examples)? _last;

    /// <summary>The rows.</summary>
    public FeatureBatch Train => train;

    /// <summary>True where it is known when rows happened.</summary>
    public bool HasTimes => time is not null && train.TryGet(time, out _);

    /// <summary>The rows in the order in which they happened.</summary>
    public FeatureBatch InOrder => field ??= HasTimes ? train.Select(TimeColumn.RowsInOrder(train[time!], dateOrder)) : train;

    /// <summary>What each query had.</summary>
    public Histories Histories => field ??= Of(InOrder);

    /// <summary>How the same rows would be seen with more of them.</summary>
    public RetrievalRows With(FeatureBatch more) => new(data, more, time, dateOrder);

    /// <summary>What each query had lately: in the newest rows of all.</summary>
    /// <param name="share">Their share; 1 for all.</param>
    public Histories Recent(double share) => share == 1 ? Histories
        : _recent.TryGetValue(share, out var known) ? known
        : _recent[share] = Of(InOrder.Slice(InOrder.RowCount - Newest(share), Newest(share)));

    /// <summary>Rows to measure on, as examples of histories. A search measures on the same rows again and again: their ids are looked up once.</summary>
    public NextItems Examples(FeatureBatch rows)
    {
        if (_last is not { } last || !ReferenceEquals(last.Rows, rows))
        {
            _last = last = (rows, NextItems.Of(Histories, rows, data.QueryId, data.ItemId, data.Items));
        }

        return last.Examples;
    }

    private int Newest(double share) => Math.Max(1, (int)Math.Round(share * train.RowCount));

    private Histories Of(FeatureBatch rows) => Histories.Of(rows, data.QueryId, data.ItemId, data.Items);
}

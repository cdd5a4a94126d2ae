using System.Numerics.Tensors;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>The items each query (user) had in the training data, as rows of the catalogue: histories without order or repeats. Immutable.</summary>
internal sealed class SeenItems
{
    private readonly Histories _had;

    private SeenItems(Histories histories) => _had = histories.Distinct();

    /// <summary>Number of different queries.</summary>
    public int QueryCount => _had.Count;

    /// <summary>Groups the interactions by query. Items the catalogue does not hold (−1) are left out; each item counts once.</summary>
    /// <param name="queries">The query id of every interaction.</param>
    /// <param name="items">The catalogue row of every interaction.</param>
    public static SeenItems From(Column queries, ReadOnlySpan<int> items) =>
        From(Histories.Of(queries, items, itemCount: items.IsEmpty ? 0 : 1 + TensorPrimitives.Max(items)));

    /// <summary>What each query of some histories had.</summary>
    public static SeenItems From(Histories histories) => new(histories);

    /// <summary>The number of every query id of a column; −1 for a query without training data.</summary>
    public int[] QueriesOf(Column column) => _had.QueriesOf(column);

    /// <summary>Catalogue rows of one query, rising, each once; empty for query −1.</summary>
    public ReadOnlySpan<int> Of(int query) => _had.Of(query);
}

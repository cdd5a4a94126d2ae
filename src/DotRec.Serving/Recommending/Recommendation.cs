using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>One recommended item.</summary>
public readonly struct Recommendation
{
    private readonly ItemTable? _items;

    internal Recommendation(ItemTable items, RankedItem item)
    {
        _items = items;
        Row = item.Row;
        ItemId = items.Ids[item.Row];
        Score = item.Score;
        RetrievalScore = item.RetrievalScore;
    }

    /// <summary>The item's id.</summary>
    public ItemId ItemId { get; }

    /// <summary>The ranker's score, or without a ranker the index's. Bigger is better. Comparable within one list of recommendations only.</summary>
    public float Score { get; }

    /// <summary>The index's score, by which the item was retrieved; equal to <see cref="Score"/> without a ranker.</summary>
    public float RetrievalScore { get; }

    /// <summary>The item's row in the index.</summary>
    public int Row { get; }

    /// <summary>The item's value in a column: a string, long, float or double, or an array of these for a list. A missing text is empty, a missing number NaN.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object this[string column] => Items[column][Row];

    /// <summary>The item's value in a column, typed.</summary>
    /// <typeparam name="T">string, long, float or double, or an array of these for a list.</typeparam>
    /// <exception cref="ArgumentException">There is no such column, or it holds values of another type.</exception>
    public T Get<T>(string column)
        where T : notnull => Items.Get<T>(column).Value(Row);

    /// <summary>Splits into id and score.</summary>
    public void Deconstruct(out ItemId itemId, out float score) => (itemId, score) = (ItemId, Score);

    /// <summary>The item columns and their values, in order.</summary>
    public IEnumerable<KeyValuePair<string, object>> Fields()
    {
        var (columns, row) = (_items?.Columns ?? [], Row);
        return columns.Select(column => KeyValuePair.Create(column.Name, column[row]));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var (columns, row) = (_items?.Columns ?? [], Row);
        return FormattableString.Invariant($"{ItemId} {Score:G6}{string.Concat(columns.Select(column => $", {column.Name}: {column.Text(row)}"))}");
    }

    private ItemTable Items => _items ?? throw new InvalidOperationException("This recommendation is empty: it was made by default, not by a recommender.");
}

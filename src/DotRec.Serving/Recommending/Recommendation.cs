namespace DotRec.Serving;

/// <summary>One recommended item.</summary>
public readonly struct Recommendation
{
    private readonly ItemTable _items;

    internal Recommendation(ItemTable items, RankedItem item)
    {
        _items = items;
        Row = item.Row;
        ItemId = items.Ids[item.Row];
        Score = item.Score;
        RetrievalScore = item.RetrievalScore;
    }

    /// <summary>The item's id: a <see cref="string"/> or a boxed <see cref="long"/>.</summary>
    public object ItemId { get; }

    /// <summary>The ranker's score, or without a ranker the index's. Bigger is better. Comparable within one list of recommendations only.</summary>
    public float Score { get; }

    /// <summary>The index's score, by which the item was retrieved; equal to <see cref="Score"/> without a ranker.</summary>
    public float RetrievalScore { get; }

    /// <summary>The item's row in the index.</summary>
    public int Row { get; }

    /// <summary>The item's value in a column: a string or null, or a boxed number, or an array for a list.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object? this[string column] => _items[column][Row];

    /// <summary>Splits into id and score.</summary>
    public void Deconstruct(out object itemId, out float score) => (itemId, score) = (ItemId, Score);

    /// <summary>The item columns and their values, in order.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Fields()
    {
        var (items, row) = (_items, Row);
        return items.Columns.Select(column => KeyValuePair.Create(column.Name, column[row]));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{ItemId} {Score:G6}{Described()}");

    private string Described()
    {
        var (items, row) = (_items, Row);
        return string.Concat(items.Columns.Select(column => $", {column.Name}: {column.Text(row)}"));
    }
}

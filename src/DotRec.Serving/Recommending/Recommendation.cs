namespace DotRec.Serving;

/// <summary>One recommended item.</summary>
public readonly struct Recommendation
{
    private readonly ItemTable _items;

    internal Recommendation(ItemTable items, int row, float score)
    {
        _items = items;
        Row = row;
        ItemId = items.Ids[row];
        Score = score;
    }

    /// <summary>The item's id: a <see cref="string"/> or a boxed <see cref="long"/>.</summary>
    public object ItemId { get; }

    /// <summary>Bigger is better. Comparable within one list of recommendations only.</summary>
    public float Score { get; }

    /// <summary>The item's row in the index.</summary>
    public int Row { get; }

    /// <summary>The item's value in a display column: a string or null, or a boxed number.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public object? this[string column] => _items[column][Row];

    /// <summary>Splits into id and score.</summary>
    public void Deconstruct(out object itemId, out float score) => (itemId, score) = (ItemId, Score);

    /// <summary>The display columns and their values, in order.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Fields()
    {
        var (items, row) = (_items, Row);
        return items.Columns.Select(column => KeyValuePair.Create(column.Name, column[row]));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{ItemId} {Score:G6}{string.Concat(Fields().Select(field => $", {field.Key}: {field.Value}"))}");
}

using System.Collections.Immutable;

namespace DotRec.Indexing;

/// <summary>The ids of a live index by row: of the index under it, and of the rows that were added since. A row of an item that is gone has none.</summary>
/// <param name="changes">What rows there are.</param>
/// <param name="added">Ids of items that are not in the index, by id and by row.</param>
internal sealed class LiveItemIds(LiveChanges changes, AddedIds added) : ItemIds
{
    public override int Count => changes.RowCount;

    public override ItemIdType Type => changes.Items.Index.Ids.Type;

    public override bool Has(int row) => base.Has(row) && changes.Positions[row] >= 0;

    public override string GetString(int row) => Type == ItemIdType.String ? (string)IdOf(row) : base.GetString(row);

    public override long GetInt64(int row) => Type == ItemIdType.Int64 ? (long)IdOf(row) : base.GetInt64(row);

    public override int RowOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Type == ItemIdType.String ? RowOfItem(changes.Items.Index.Ids.RowOf(id), id) : -1;
    }

    public override int RowOf(long id) => Type == ItemIdType.Int64 ? RowOfItem(changes.Items.Index.Ids.RowOf(id), id) : -1;

    private object IdOf(int row)
    {
        CheckRow(row);
        if (changes.Positions[row] < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} is of an item that was deleted: it has no id.");
        }

        return added.IdOf(row) ?? changes.Items.Index.Ids[changes.Items.ItemAt(row)].Value;
    }

    private int RowOfItem(int item, object id)
    {
        var row = added.RowOf(id);
        row = row >= 0 ? row : item < 0 ? -1 : changes.Items.RowOfItem(item);
        return row >= 0 && changes.Positions[row] >= 0 ? row : -1;
    }
}

/// <summary>Ids of rows that are not in the index under a live index. Immutable.</summary>
internal sealed class AddedIds
{
    private readonly ImmutableDictionary<object, int> _rows;
    private readonly ImmutableDictionary<int, object> _ids;

    private AddedIds(ImmutableDictionary<object, int> rows, ImmutableDictionary<int, object> ids)
    {
        _rows = rows;
        _ids = ids;
    }

    public static AddedIds None { get; } = new(ImmutableDictionary<object, int>.Empty, ImmutableDictionary<int, object>.Empty);

    public int RowOf(object id) => _rows.TryGetValue(id, out var row) ? row : -1;

    public object? IdOf(int row) => _ids.GetValueOrDefault(row);

    /// <summary>These ids without those of some rows, and with others.</summary>
    public AddedIds With(List<int> removed, List<(int Row, object Id)> added)
    {
        var (rows, ids) = (_rows.ToBuilder(), _ids.ToBuilder());
        foreach (var row in removed)
        {
            if (ids.Remove(row, out var id))
            {
                rows.Remove(id);
            }
        }

        foreach (var (row, id) in added)
        {
            rows[id] = row;
            ids[row] = id;
        }

        return new AddedIds(rows.ToImmutable(), ids.ToImmutable());
    }
}

using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The items of a snapshot as a bundle keeps them: rows of items that were deleted are left out, the others keep their order.</summary>
internal sealed class SavedItems
{
    private const string DefaultPopularityColumn = "popularity";

    private SavedItems(RecommenderSnapshot snapshot, int[] rows)
    {
        var items = snapshot.Items;
        Count = rows.Length;
        IdColumn = items.IdColumn;
        Ids = items.Ids.Type == ItemIdType.String ? Array.ConvertAll(rows, items.Ids.GetString) : Array.ConvertAll(rows, items.Ids.GetInt64);
        Scalars = [.. items.Columns.Where(column => !column.IsList).Select(column => column.Select(rows))];
        Lists = [.. items.Columns.Where(column => column.IsList).Select(column => column.Select(rows))];
        Popularity = snapshot.Popularity?.Select(rows);
        Seen = rows.Length == items.Count ? snapshot.Seen : snapshot.Seen?.Select(rows, items.Count);
        PopularityColumn = DefaultPopularityColumn;
        while (items.Find(PopularityColumn) is not null || string.Equals(IdColumn, PopularityColumn, StringComparison.Ordinal))
        {
            PopularityColumn += "_";
        }
    }

    public int Count { get; }

    public string IdColumn { get; }

    /// <summary>string[] or long[].</summary>
    public Array Ids { get; }

    /// <summary>The columns with one value a row.</summary>
    public IReadOnlyList<Column> Scalars { get; }

    /// <summary>The columns with a list a row.</summary>
    public IReadOnlyList<Column> Lists { get; }

    public Popularity? Popularity { get; }

    /// <summary>"popularity", or with underscores where an item column has that name.</summary>
    public string PopularityColumn { get; }

    public SeenItems? Seen { get; }

    public static SavedItems Of(RecommenderSnapshot snapshot) =>
        new(snapshot, [.. Enumerable.Range(0, snapshot.Items.Count).Where(snapshot.Items.Ids.Has)]);
}

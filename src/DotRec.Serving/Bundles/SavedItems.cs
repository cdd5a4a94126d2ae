using DotRec.Data;

namespace DotRec.Serving;

/// <summary>The items of a snapshot as a bundle keeps them: rows of items that were deleted are left out, the others keep their order.</summary>
internal sealed class SavedItems
{
    private SavedItems(RecommenderSnapshot snapshot, int[] rows)
    {
        Count = rows.Length;
        Columns = [.. snapshot.Items.Columns.Select(column => (Func<Column>)(() => column.Select(rows)))];
        Popularity = snapshot.Popularity?.Select(rows);
        Seen = rows.Length == snapshot.Items.Count ? snapshot.Seen : snapshot.Seen?.Select(rows, snapshot.Items.Count);
    }

    public int Count { get; }

    /// <summary>The columns, each made when it is asked for: one at a time is in memory.</summary>
    public IReadOnlyList<Func<Column>> Columns { get; }

    public Popularity? Popularity { get; }

    public SeenItems? Seen { get; }

    public static SavedItems Of(RecommenderSnapshot snapshot) =>
        new(snapshot, [.. Enumerable.Range(0, snapshot.Items.Count).Where(snapshot.Items.Ids.Has)]);
}

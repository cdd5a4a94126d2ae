namespace DotRec.Indexing;

/// <summary>
/// Builds an index of the items of a snapshot, starting from the snapshot's index: after a tenth of the items has changed, most partitions are still
/// where they should be.
/// </summary>
internal static class LiveRebuild
{
    public static unsafe ScannIndex Build(LiveSnapshot from, ScannOptions options, CancellationToken cancellation)
    {
        var (rows, dimension) = (AliveRows(from), from.Dimension);
        var values = AllocatedMemory.New<float>((long)rows.Count * dimension);
        using var source = new EmbeddingSource(values.Memory, values.Pointer(0, values.Length), rows.Count, dimension, dimension);
        for (var i = 0; i < rows.Count; i++)
        {
            from.CopyEmbedding(rows[i], values.Span((long)i * dimension, dimension));
        }

        var ids = from.Ids.Type == ItemIdType.String
            ? ItemIds.From([.. rows.Select(from.Ids.GetString)])
            : ItemIds.From([.. rows.Select(from.Ids.GetInt64)]);

        // The old index is gone when the owner was closed meanwhile.
        cancellation.ThrowIfCancellationRequested();
        return ScannIndex.Build(source, ids, from.ScoreFunction, options, from.Items, cancellation: cancellation);
    }

    private static List<int> AliveRows(LiveSnapshot from)
    {
        var rows = new List<int>(from.AliveCount);
        for (var row = 0; row < from.Count; row++)
        {
            if (row < from.Items.Count ? !from.Dead.Contains(row) : from.Delta.Alive.Allows(row - from.Items.Count))
            {
                rows.Add(row);
            }
        }

        return rows;
    }
}

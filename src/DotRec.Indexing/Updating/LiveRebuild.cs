using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Builds an index of the items of a live index at one moment, starting from the index under it: after a third of the items has changed, most
/// partitions are still where they should be.
/// </summary>
internal static class LiveRebuild
{
    /// <summary>Builds the index; the row of its item i is rows[i].</summary>
    /// <param name="from">The items.</param>
    /// <param name="options">How to build.</param>
    /// <param name="searched">How far searches go; null: as the options say.</param>
    /// <param name="rows">Rows of the items, ascending.</param>
    /// <param name="progress">Told at each stage.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static unsafe ScannIndex Build(
        LiveSnapshot from, ScannOptions options, SearchDefaults? searched, int[] rows, IProgress<ScannProgress>? progress, CancellationToken cancellationToken)
    {
        var dimension = from.Dimension;
        var values = AllocatedMemory.New<float>((long)rows.Length * dimension);
        using var source = new EmbeddingSource(values.Memory, values.Pointer(0, values.Length), rows.Length, dimension, dimension);
        for (var i = 0; i < rows.Length; i++)
        {
            from.CopyEmbedding(rows[i], values.Span((long)i * dimension, dimension));
        }

        var ids = from.Ids.Type == ItemIdType.String
            ? ItemIds.From(Array.ConvertAll(rows, from.Ids.GetString))
            : ItemIds.From(Array.ConvertAll(rows, from.Ids.GetInt64));

        // The old index is gone when the owner was closed meanwhile.
        cancellationToken.ThrowIfCancellationRequested();
        return ScannIndex.Build(
            source, ids, from.ScoreFunction, options, PackedLookupKernels.Current, from.Changes.Items.Index, searched, progress, cancellationToken);
    }

    /// <summary>The rows of the items there are, ascending.</summary>
    public static int[] RowsOf(LiveChanges changes)
    {
        var rows = new int[changes.AliveCount];
        var count = 0;
        for (var row = 0; row < changes.RowCount; row++)
        {
            if (changes.Positions[row] >= 0)
            {
                rows[count++] = row;
            }
        }

        return rows;
    }
}

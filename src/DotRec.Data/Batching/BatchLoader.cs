namespace DotRec.Data;

/// <summary>Makes loaders that go over rows epoch by epoch, in shuffled batches.</summary>
public static class BatchLoader
{
    /// <summary>Batches of the rows of a data set in memory.</summary>
    public static BatchLoader<FeatureBatch> Over(FeatureBatch data, BatchOptions options) =>
        new(data.RowCount, rows => data.Select(rows.Span), options);

    /// <summary>
    /// Batches of row numbers, for data that is already encoded. One array is allocated an epoch (with groups, one a batch); the batches are parts of it and stay valid. There is
    /// nothing to prefetch: <see cref="BatchOptions.Prefetch"/> is not used.
    /// </summary>
    public static BatchLoader<ReadOnlyMemory<int>> Rows(int rowCount, BatchOptions options) => new(rowCount, rows => rows, options with { Prefetch = 0 });
}

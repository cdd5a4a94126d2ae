namespace DotRec.Data;

/// <summary>How rows are cut into batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Rows a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>True to put the rows into a new random order each epoch; false to keep their order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Seed of the random orders. Each epoch has an order of its own, the same whether or not earlier epochs were read.</summary>
    public ulong Seed { get; init; }

    /// <summary>True to leave out the last rows of an epoch when they do not fill a batch.</summary>
    public bool DropRemainder { get; init; }

    /// <summary>Batches made ready in advance on another thread; 0 makes each batch when it is asked for, on the thread that asks.</summary>
    public int Prefetch { get; init; } = 2;

    /// <summary>
    /// Groups that no batch cuts in two, or null (the default). Then groups are shuffled instead of rows, a group's rows keep their order, and every
    /// batch but the last holds the same number of groups: as many as have <see cref="BatchSize"/> rows on average, at least one. So a batch has
    /// more rows than BatchSize when its groups are large.
    /// </summary>
    public RowGroups? Groups { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(Prefetch);
    }
}

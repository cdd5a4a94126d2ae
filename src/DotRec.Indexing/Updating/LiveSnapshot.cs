namespace DotRec.Indexing;

/// <summary>The items of a <see cref="LiveIndex"/> at one moment.</summary>
internal sealed class LiveSnapshot : IItemIndex
{
    private readonly LiveIndex _owner;
    private readonly SearchSpace _space;

    public LiveSnapshot(LiveIndex owner, LiveChanges changes, AddedIds addedIds)
    {
        _owner = owner;
        _space = new SearchSpace(changes);
        Changes = changes;
        AddedIds = addedIds;
        Ids = new LiveItemIds(changes, addedIds);
    }

    public LiveChanges Changes { get; }

    public AddedIds AddedIds { get; }

    public int Count => Changes.RowCount;

    public int Dimension => Changes.Items.Index.Dimension;

    public ScoreFunction ScoreFunction => Changes.Items.Index.ScoreFunction;

    public bool IsExact => false;

    public ItemIds Ids { get; }

    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.CheckWidth(this, query);
        using var hold = Hold();
        var index = Changes.Items.Index;
        return index.Searcher.Search(_space, query, results, index.Effort(default, results.Length, Changes.AliveCount), filter, excludedRows);
    }

    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, null, excludedRows);
        using var hold = Hold();
        var index = Changes.Items.Index;
        index.Searcher.SearchBatch(
            new ScannBatchArguments(_space, queryCount, k, index.Effort(default, k, Changes.AliveCount), filter, excludedRows), queries, results, counts);
    }

    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        using var hold = Hold();
        var position = Changes.Positions[row];
        if (position < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} is of an item that was deleted: it has no embedding.");
        }

        if (position < Changes.FirstAdded)
        {
            Changes.Items.Index.Snapshot.Rows.CopyAt(position, destination);
        }
        else
        {
            Changes.Added.Scored.CopyAt(position - Changes.FirstAdded, destination);
            GC.KeepAlive(this);
        }
    }

    public void Save(string path) => _owner.Save(this, path);

    public void Dispose()
    {
        // The live index owns everything.
    }

    private MemoryHold Hold()
    {
        // An index that another one took the place of is not given back with its owner.
        _owner.ThrowIfDisposed();
        return Changes.Items.Index.Snapshot.Memory.Hold(nameof(LiveIndex));
    }
}

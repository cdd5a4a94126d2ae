namespace DotRec.Indexing;

/// <summary>What came and went since the index under a live index was built. Immutable.</summary>
/// <param name="Items">The index.</param>
/// <param name="RowCount">Rows there are, of items that are gone too.</param>
/// <param name="AliveCount">Items there are.</param>
/// <param name="Positions">Where each row lies: below the index' item count in the index, from there on among the added items.</param>
/// <param name="DeadEntries">Entries of the index that are no items any more.</param>
/// <param name="Added">Added items.</param>
/// <param name="Codes">Codes of the first of them.</param>
/// <param name="CodedCount">How many of them have codes; the others are scored one by one.</param>
internal sealed record LiveChanges(
    LiveItems Items, int RowCount, int AliveCount, RowPositions Positions, Tombstones DeadEntries, AddedRows Added, AddedCodes Codes, int CodedCount)
{
    // Added items are coded when as many have come together as are scored in a fraction of a microsecond; the newest are therefore always found.
    private const int FreshValues = 1 << 12;
    private const int MinFresh = 64;
    private const int MostFresh = 128;

    // An index of fewer items has no codewords worth using.
    private const int MinCodedItems = 256;

    /// <summary>Whether entries, coded ones, are no items any more.</summary>
    public bool HasDead => DeadEntries.Count > 0 || Codes.HasDead;

    /// <summary>Changes outside the index: what a rebuild would take away.</summary>
    public int ChangeCount => Added.Count + DeadEntries.Count;

    /// <summary>Where the first added item lies.</summary>
    public int FirstAdded => Items.Index.Count;

    /// <summary>Whether an added item, counted from the first, is an item still and allowed.</summary>
    public bool MayReturn(int added, ItemFilter? filter)
    {
        var row = Added.RowOf(added);
        return Positions[row] == FirstAdded + added && filter?.Allows(row) != false;
    }

    /// <summary>No changes.</summary>
    public static LiveChanges None(LiveItems items, int rowCount) => new(
        items,
        rowCount,
        items.Index.Count,
        new RowPositions(items),
        Tombstones.None,
        AddedRows.Empty(items.Index.Snapshot),
        AddedCodes.Empty(items.Index.Snapshot.Codes),
        0);

    /// <summary>These changes with more.</summary>
    /// <param name="deleted">Rows of items that go.</param>
    /// <param name="rows">Rows that get an embedding: of items there are, or new ones behind the last.</param>
    /// <param name="embeddings">[rows, D], checked.</param>
    /// <param name="coder">Codes added items.</param>
    public LiveChanges With(List<int> deleted, int[] rows, ReadOnlySpan<float> embeddings, Lazy<EntryCoder> coder)
    {
        var (moves, entries, gone) = (new List<(int, int)>(deleted.Count + rows.Length), new List<long>(), new List<(int, int)>());
        var alive = AliveCount;
        foreach (var row in deleted)
        {
            Bury(row, entries, gone);
            moves.Add((row, -1));
            alive--;
        }

        var rowCount = RowCount;
        for (var i = 0; i < rows.Length; i++)
        {
            alive += rows[i] >= RowCount || !Bury(rows[i], entries, gone) ? 1 : 0;
            moves.Add((rows[i], FirstAdded + Added.Count + i));
            rowCount = Math.Max(rowCount, rows[i] + 1);
        }

        var deadEntries = DeadEntries.With(entries);
        using var hold = Items.Index.Snapshot.Memory.Hold();
        var changed = this with
        {
            RowCount = rowCount,
            AliveCount = alive,
            Positions = Positions.With(moves),
            DeadEntries = deadEntries,
            Added = rows.Length == 0 ? Added : Added.With(rows, embeddings),
            Codes = Codes.Without(gone, deadEntries),
        };
        return changed.Coded(coder);
    }

    // Marks the entries of an item; false when there is none.
    private bool Bury(int row, List<long> entries, List<(int Partition, int Position)> gone)
    {
        var position = Positions[row];
        if (position >= FirstAdded)
        {
            var added = position - FirstAdded;
            if (added < CodedCount)
            {
                gone.Add((Added.Partitions(added, 1)[0], position));
            }
        }
        else if (position >= 0)
        {
            Items.AddEntries(position, entries, gone);
        }

        return position >= 0;
    }

    private LiveChanges Coded(Lazy<EntryCoder> coder)
    {
        var fresh = Added.Count - CodedCount;
        if (fresh <= Math.Clamp(FreshValues / Added.Scored.Dimension, MinFresh, MostFresh) || Items.Index.Count < MinCodedItems)
        {
            return this;
        }

        var embeddings = new float[fresh * Added.Scored.Dimension];
        for (var i = 0; i < fresh; i++)
        {
            Added.Scored.CopyAt(CodedCount + i, embeddings.AsSpan(i * Added.Scored.Dimension, Added.Scored.Dimension));
        }

        var coded = coder.Value.Code(embeddings, fresh);
        coded.Partitions.CopyTo(Added.Partitions(CodedCount, fresh));

        // Items that went before they were coded.
        var gone = new List<(int, int)>();
        for (var i = 0; i < fresh; i++)
        {
            var position = FirstAdded + CodedCount + i;
            if (Positions[Added.RowOf(CodedCount + i)] != position)
            {
                gone.Add((coded.Partitions[i], position));
            }
        }

        var codes = Codes.With(coded, FirstAdded + CodedCount, DeadEntries);
        return this with { Codes = codes.Without(gone, DeadEntries), CodedCount = Added.Count };
    }
}

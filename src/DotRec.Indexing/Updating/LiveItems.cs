using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The index under a live index, and the rows that its items have there: an index that was built later numbers its items anew, but an item keeps
/// its row for as long as it is there.
/// </summary>
internal sealed class LiveItems
{
    private readonly int[]? _rowByPosition;
    private readonly int[]? _positionByRow;

    private LiveItems(ScannIndex index, int[]? rowByPosition, int[]? positionByRow, int rowCount)
    {
        Index = index;
        _rowByPosition = rowByPosition;
        _positionByRow = positionByRow;
        RowCount = rowCount;
        Filters = new EntryFilters(index.Snapshot, rowByPosition);
    }

    public ScannIndex Index { get; }

    /// <summary>Rows there are, of items that are gone too.</summary>
    public int RowCount { get; }

    public EntryFilters Filters { get; }

    /// <summary>An index whose rows are those of the live index.</summary>
    public static LiveItems Of(ScannIndex index) => new(index, null, null, index.Count);

    /// <summary>An index built for some rows.</summary>
    /// <param name="index">The index.</param>
    /// <param name="rows">[N]: the row of each of its items, ascending.</param>
    /// <param name="rowCount">Rows there are.</param>
    public static LiveItems Of(ScannIndex index, int[] rows, int rowCount)
    {
        var (byPosition, byRow) = (new int[rows.Length], new int[rowCount]);
        Array.Fill(byRow, -1);
        for (var i = 0; i < rows.Length; i++)
        {
            var position = index.Snapshot.Rows.PositionOf(i);
            byPosition[position] = rows[i];
            byRow[rows[i]] = position;
        }

        return new LiveItems(index, byPosition, byRow, rowCount);
    }

    /// <summary>Where a row lay when the index was built, or −1.</summary>
    public int PositionOf(int row) => row >= RowCount ? -1 : _positionByRow is null ? Index.Snapshot.Rows.PositionOf(row) : _positionByRow[row];

    /// <summary>The row at a position.</summary>
    public int RowAt(int position) => _rowByPosition is null ? Index.Snapshot.Rows.RowAt(position) : _rowByPosition[position];

    /// <summary>The number in the index of the item that had a row when it was built.</summary>
    public int ItemAt(int row) => _positionByRow is null ? row : Index.Snapshot.Rows.RowAt(_positionByRow[row]);

    /// <summary>The row of an item of the index, by its number there.</summary>
    public int RowOfItem(int item) => _rowByPosition is null ? item : _rowByPosition[Index.Snapshot.Rows.PositionOf(item)];

    /// <summary>Adds the entries of an item to lists: one, or two where it was spilled.</summary>
    /// <param name="position">The item.</param>
    /// <param name="entries">By number in the index.</param>
    /// <param name="places">By partition and position.</param>
    public void AddEntries(int position, List<long> entries, List<(int Partition, int Position)> places)
    {
        var codes = Index.Snapshot.Codes;
        var first = codes.PartitionOf(position);
        Add(first, position - codes.Partitions[first].FirstPosition);
        if (codes.HasSpilled && codes.SpilledEntryOf(position) is var (partition, entry) && partition >= 0)
        {
            Add(partition, entry);
        }

        void Add(int partition, int entry)
        {
            entries.Add(((long)codes.Partitions[partition].FirstBlock * PackedLookup.BlockItems) + entry);
            places.Add((partition, position));
        }
    }
}

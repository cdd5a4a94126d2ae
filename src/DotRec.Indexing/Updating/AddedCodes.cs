using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>
/// Codes of what was added since an index was built, by partition, together with those that the partition has in the index: a scan goes through a
/// changed partition as through one that was built. Never changes for those who hold it.
/// </summary>
internal sealed class AddedCodes
{
    private readonly PackedCodes _items;
    private readonly ExtentTable _extents;

    private AddedCodes(PackedCodes items, ExtentTable extents, bool hasDead)
    {
        _items = items;
        _extents = extents;
        HasDead = hasDead;
    }

    /// <summary>Whether entries became none, those that were taken out since too.</summary>
    public bool HasDead { get; }

    /// <summary>No entries.</summary>
    public static AddedCodes Empty(PackedCodes items) => new(items, ExtentTable.None, false);

    /// <summary>The extents of a partition, one behind another, or null.</summary>
    public PartitionExtent? Extents(int partition) => _extents[partition];

    /// <summary>The run of a partition for which that tells everything; of 0 entries where it does not.</summary>
    public ref readonly EntryRun Plain(int partition) => ref _extents.Plain(partition);

    /// <summary>Entries that a scan of a partition goes through beyond those that it has in the index; below 0 where many of these are gone.</summary>
    public int CountBeyondItems(int partition)
    {
        var first = _extents[partition];
        var count = first?.ReplacesIndex == true ? -_items.Partitions[partition].Count : 0;
        for (var extent = first; extent is not null; extent = extent.Farther)
        {
            count += extent.Count;
        }

        return count;
    }

    /// <summary>These codes without some items.</summary>
    /// <param name="gone">Partition and position of the entries; those of the index that are scanned there are passed over.</param>
    /// <param name="deadItems">Entries of the index that are no items any more.</param>
    public AddedCodes Without(List<(int Partition, int Position)> gone, Tombstones deadItems)
    {
        var byPartition = new Dictionary<int, List<int>>();
        foreach (var (partition, position) in gone)
        {
            ref var positions = ref CollectionsMarshal.GetValueRefOrAddDefault(byPartition, partition, out _);
            (positions ??= []).Add(position);
        }

        var (changed, hasDead, writer) = (new Dictionary<int, PartitionExtent?>(), HasDead, new ExtentWriter(_items, deadItems));
        foreach (var (partition, positions) in byPartition)
        {
            var before = _extents[partition];
            var after = before?.Without(positions);
            hasDead |= !ReferenceEquals(before, after);
            changed[partition] = writer.Compact(after, partition);
        }

        return new AddedCodes(_items, _extents.With(changed), hasDead);
    }

    /// <summary>These codes with entries appended. Only one may grow out of each.</summary>
    /// <param name="coded">The entries; the caller holds the memory of the index.</param>
    /// <param name="firstPosition">Position of the first; the others follow.</param>
    /// <param name="deadItems">Entries of the index that are no items any more.</param>
    public AddedCodes With(CodedEntries coded, int firstPosition, Tombstones deadItems)
    {
        var (changed, writer) = (new Dictionary<int, PartitionExtent?>(), new ExtentWriter(_items, deadItems));
        var (partitions, order) = ((int[])coded.Partitions.Clone(), new int[coded.Count]);
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(partitions, order);
        for (var first = 0; first < order.Length;)
        {
            var partition = partitions[first];
            var count = partitions.AsSpan(first).IndexOfAnyExcept(partition);
            count = count < 0 ? order.Length - first : count;
            changed[partition] = writer.Add(_extents[partition], partition, coded, order.AsSpan(first, count), firstPosition);
            first += count;
        }

        return new AddedCodes(_items, _extents.With(changed), HasDead);
    }
}

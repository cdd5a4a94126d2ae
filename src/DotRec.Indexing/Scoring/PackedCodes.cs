using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The codes and scales of all items by partition, in the layout that <see cref="PackedLookup"/> describes, in memory and in files.
/// Every partition starts a block; its last block is filled up with entries that no search returns.
/// </summary>
/// <param name="partitions">[P].</param>
/// <param name="codes">[blocks, M, 64].</param>
/// <param name="scales">[blocks, 128], relative to <see cref="PackedPartition.ScaleUnit"/> in units of 1 / 32,767.</param>
/// <param name="spilledPositions">[blocks, 128]: the item position of every entry; empty where no item is in two partitions.</param>
/// <param name="subspaces">M.</param>
internal sealed class PackedCodes(
    Section<PackedPartition> partitions, Section<byte> codes, Section<short> scales, Section<int> spilledPositions, int subspaces)
{
    /// <summary>What a scale of 1 is, stored.</summary>
    public const int ScaleOne = short.MaxValue;

    // A partition is looked for from the nearest of these positions on.
    private const int PositionsAStep = 64;

    // The partition of every 64th position; made when the first is asked for.
    private int[]? _partitionByStep;

    private float[]? _units;
    private int? _minCount;

    // The entry of each item's second copy, or −1; made when the first is asked for.
    private long[]? _spilledEntries;

    public Section<PackedPartition> Partitions => partitions;

    public Section<byte> Codes => codes;

    public Section<short> Scales => scales;

    public Section<int> SpilledPositions => spilledPositions;

    /// <summary>M.</summary>
    public int Subspaces => subspaces;

    /// <summary>P.</summary>
    public int PartitionCount => (int)partitions.Length;

    public long BlockCount => scales.Length / PackedLookup.BlockItems;

    /// <summary>Bytes that a scan reads of an entry: its codes and its scale.</summary>
    public double EntryBytes => (subspaces / 2.0) + sizeof(short);

    /// <summary>Whether items may be in two partitions.</summary>
    public bool HasSpilled => spilledPositions.Length > 0;

    /// <summary>[P]: what a scale of 1 is worth in each partition. Made when first asked for.</summary>
    public float[] Units => _units ??= [.. Enumerable.Range(0, PartitionCount).Select(partition => partitions[partition].ScaleUnit)];

    /// <summary>Entries of the smallest partition. Found when first asked for.</summary>
    public int MinCount => _minCount ??= Enumerable.Range(0, PartitionCount).Select(partition => partitions[partition].Count).DefaultIfEmpty().Min();

    /// <summary>The partition that the item at a position is in, first copies only.</summary>
    public int PartitionOf(int position)
    {
        var partition = (_partitionByStep ??= FindPartitions())[position / PositionsAStep];
        while (position >= partitions[partition].FirstPosition + partitions[partition].ItemCount)
        {
            partition++;
        }

        return partition;
    }

    /// <summary>Where the second copy of the item at a position is; partition −1 where it has none.</summary>
    public (int Partition, int Entry) SpilledEntryOf(int position)
    {
        var at = (_spilledEntries ??= FindSpilled())[position];
        if (at < 0)
        {
            return (-1, -1);
        }

        // Blocks and partitions are in the same order.
        var (low, high, block) = (0, PartitionCount - 1, at / PackedLookup.BlockItems);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = partitions[middle].FirstBlock <= block ? (middle, high) : (low, middle - 1);
        }

        return (low, (int)(at - ((long)partitions[low].FirstBlock * PackedLookup.BlockItems)));
    }

    private long[] FindSpilled()
    {
        var last = PartitionCount == 0 ? default : partitions[PartitionCount - 1];
        var entries = new long[last.FirstPosition + last.ItemCount];
        Array.Fill(entries, -1);
        for (var partition = 0; partition < PartitionCount; partition++)
        {
            var place = partitions[partition];
            for (var entry = place.ItemCount; entry < place.Count; entry++)
            {
                var at = ((long)place.FirstBlock * PackedLookup.BlockItems) + entry;
                entries[spilledPositions[at]] = at;
            }
        }

        return entries;
    }

    private int[] FindPartitions()
    {
        var last = PartitionCount == 0 ? default : partitions[PartitionCount - 1];
        var steps = new int[(last.FirstPosition + last.ItemCount + PositionsAStep - 1) / PositionsAStep];
        var partition = 0;
        for (var step = 0; step < steps.Length; step++)
        {
            while (partitions[partition].FirstPosition + partitions[partition].ItemCount <= step * PositionsAStep)
            {
                partition++;
            }

            steps[step] = partition;
        }

        return steps;
    }
}

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

    public Section<PackedPartition> Partitions => partitions;

    public Section<byte> Codes => codes;

    public Section<short> Scales => scales;

    public Section<int> SpilledPositions => spilledPositions;

    /// <summary>M.</summary>
    public int Subspaces => subspaces;

    /// <summary>P.</summary>
    public int PartitionCount => (int)partitions.Length;

    public long BlockCount => scales.Length / PackedLookup.BlockItems;

    /// <summary>Whether items may be in two partitions.</summary>
    public bool HasSpilled => spilledPositions.Length > 0;

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

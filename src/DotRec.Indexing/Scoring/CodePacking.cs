using System.Buffers;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The order in which items lie in an index, by partition and then by row, and the coding of the items straight into their packed place:
/// besides the result only one scale an entry is held.
/// </summary>
internal sealed class CodePacking
{
    private readonly QuantizedItems _items;
    private readonly PackedPartition[] _partitions;
    private readonly int[] _firstBlocks;

    public CodePacking(QuantizedItems items)
    {
        _items = items;
        _partitions = new PackedPartition[items.PartitionCount];
        _firstBlocks = new int[items.PartitionCount];
        var position = 0;
        for (var partition = 0; partition < _partitions.Length; partition++)
        {
            var own = items.Members.Size(partition);
            var count = own + (items.Spilled?.Size(partition) ?? 0);
            _firstBlocks[partition] = BlockCount;
            _partitions[partition] = new PackedPartition(BlockCount, position, count, own, 0);
            position += own;
            BlockCount += PackedLookup.CountBlocks(count);
        }
    }

    /// <summary>Blocks of all partitions.</summary>
    public int BlockCount { get; }

    /// <summary>Bytes that <see cref="Pack"/> takes.</summary>
    public long ByteLength =>
        SectionAllocator.Bytes<PackedPartition>(_partitions.Length)
        + SectionAllocator.Bytes<byte>((long)BlockCount * _items.BlockCount * PackedLookup.RowBytes)
        + SectionAllocator.Bytes<short>((long)BlockCount * PackedLookup.BlockItems)
        + SectionAllocator.Bytes<int>(SpilledLength);

    private long SpilledLength => _items.Spilled is null ? 0 : (long)BlockCount * PackedLookup.BlockItems;

    /// <summary>Codes and packs every entry, in parallel.</summary>
    /// <param name="positions">[N]: the position of each row.</param>
    /// <param name="allocator">Where to.</param>
    /// <param name="report">Told as blocks are done.</param>
    public PackedCodes Pack(Section<int> positions, SectionAllocator allocator, BuildReport report)
    {
        var subspaces = _items.BlockCount;
        var packed = new PackedCodes(
            allocator.Take<PackedPartition>(_partitions.Length),
            allocator.Take<byte>((long)BlockCount * subspaces * PackedLookup.RowBytes),
            allocator.Take<short>((long)BlockCount * PackedLookup.BlockItems),
            allocator.Take<int>(SpilledLength),
            subspaces);
        var scales = AllocatedMemory.New<float>((long)BlockCount * PackedLookup.BlockItems);
        using var memory = scales.Memory;
        report.ForParts(BlockCount, block => PackBlock(packed, block, positions, scales.Span((long)block * PackedLookup.BlockItems, PackedLookup.BlockItems)));
        Parallelism.For(_partitions.Length, partition => PackScales(packed, partition, scales));
        return packed;
    }

    private void PackBlock(PackedCodes packed, int block, Section<int> positions, Span<float> scales)
    {
        var partition = Array.BinarySearch(_firstBlocks, block);
        partition = partition < 0 ? ~partition - 1 : partition;
        var (place, subspaces) = (_partitions[partition], packed.Subspaces);
        var first = (block - place.FirstBlock) * PackedLookup.BlockItems;
        Span<int> rows = stackalloc int[Math.Min(PackedLookup.BlockItems, place.Count - first)];
        CopyRows(partition, first, rows);
        var buffer = ArrayPool<byte>.Shared.Rent(rows.Length * subspaces);
        var codes = buffer.AsSpan(0, rows.Length * subspaces);
        _items.Encode(partition, rows, codes, scales[..rows.Length]);
        PackedLookup.Pack(codes, subspaces, packed.Codes.Span((long)block * subspaces * PackedLookup.RowBytes, subspaces * PackedLookup.RowBytes));
        ArrayPool<byte>.Shared.Return(buffer);
        for (var entry = 0; packed.HasSpilled && entry < rows.Length; entry++)
        {
            packed.SpilledPositions[((long)block * PackedLookup.BlockItems) + entry] = positions[rows[entry]];
        }
    }

    // The rows of some entries: items first, spilled copies after them.
    private void CopyRows(int partition, int first, Span<int> rows)
    {
        var own = _items.Members[partition];
        var fromOwn = Math.Clamp(own.Length - first, 0, rows.Length);
        own.Slice(Math.Min(first, own.Length), fromOwn).CopyTo(rows);
        if (fromOwn < rows.Length)
        {
            _items.Spilled![partition].Slice(first + fromOwn - own.Length, rows.Length - fromOwn).CopyTo(rows[fromOwn..]);
        }
    }

    // Scales are stored as shares of the greatest one, which is known when the whole partition is coded.
    private void PackScales(PackedCodes packed, int partition, Section<float> scales)
    {
        var place = _partitions[partition];
        var first = (long)place.FirstBlock * PackedLookup.BlockItems;
        var values = scales.Span(first, place.Count);
        var unit = 0f;
        foreach (var scale in values)
        {
            unit = Math.Max(unit, Math.Abs(scale));
        }

        packed.Partitions[partition] = place with { ScaleUnit = unit };
        for (var entry = 0; unit > 0 && entry < values.Length; entry++)
        {
            packed.Scales[first + entry] = (short)MathF.Round(values[entry] / unit * PackedCodes.ScaleOne);
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The order in which items lie in an index, by partition and then by row, and the packing of their codes in that order.</summary>
internal sealed class CodePacking
{
    private readonly QuantizedItems _items;
    private readonly PackedPartition[] _partitions;

    // The rows of each partition, ascending, partition after partition; the same for spilled copies.
    private readonly int[] _rows;
    private readonly int[] _spilledRows;
    private readonly int[] _firstSpilled;

    public CodePacking(QuantizedItems items)
    {
        _items = items;
        (_rows, var first) = RowsByPartition(items.Partition, items.PartitionCount);
        (_spilledRows, _firstSpilled) = items.Spilled is { } spilled
            ? RowsByPartition(spilled.Partition, items.PartitionCount)
            : ([], new int[items.PartitionCount + 1]);
        _partitions = new PackedPartition[items.PartitionCount];
        for (var partition = 0; partition < _partitions.Length; partition++)
        {
            var own = first[partition + 1] - first[partition];
            var count = own + _firstSpilled[partition + 1] - _firstSpilled[partition];
            _partitions[partition] = new PackedPartition(BlockCount, first[partition], count, own, ScaleUnit(first[partition], own, partition));
            BlockCount += PackedLookup.CountBlocks(count);
        }
    }

    /// <summary>The row at each position, [N].</summary>
    public ReadOnlySpan<int> Rows => _rows;

    /// <summary>Blocks of all partitions.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Bytes that <see cref="Pack"/> takes.</summary>
    public long ByteLength =>
        SectionAllocator.Bytes<PackedPartition>(_partitions.Length)
        + SectionAllocator.Bytes<byte>((long)BlockCount * _items.BlockCount * PackedLookup.RowBytes)
        + SectionAllocator.Bytes<short>((long)BlockCount * PackedLookup.BlockItems)
        + SectionAllocator.Bytes<int>(SpilledLength);

    private long SpilledLength => _items.Spilled is null ? 0 : (long)BlockCount * PackedLookup.BlockItems;

    /// <summary>Packs the codes, in parallel.</summary>
    public PackedCodes Pack(SectionAllocator allocator)
    {
        var subspaces = _items.BlockCount;
        var packed = new PackedCodes(
            allocator.Take<PackedPartition>(_partitions.Length),
            allocator.Take<byte>((long)BlockCount * subspaces * PackedLookup.RowBytes),
            allocator.Take<short>((long)BlockCount * PackedLookup.BlockItems),
            allocator.Take<int>(SpilledLength),
            subspaces);
        _partitions.CopyTo(packed.Partitions.Span(0, _partitions.Length));
        var positions = packed.HasSpilled ? PositionsOfRows() : [];
        Parallelism.For(_partitions.Length, partition => PackPartition(packed, partition, positions));
        return packed;
    }

    /// <summary>The position of each row, [N].</summary>
    public int[] PositionsOfRows()
    {
        var positions = new int[_rows.Length];
        for (var position = 0; position < _rows.Length; position++)
        {
            positions[_rows[position]] = position;
        }

        return positions;
    }

    private static (int[] Rows, int[] First) RowsByPartition(int[] partitionOfRow, int partitionCount)
    {
        var first = new int[partitionCount + 1];
        foreach (var partition in partitionOfRow)
        {
            if (partition >= 0)
            {
                first[partition + 1]++;
            }
        }

        for (var partition = 0; partition < partitionCount; partition++)
        {
            first[partition + 1] += first[partition];
        }

        var (rows, next) = (new int[first[partitionCount]], first.ToArray());
        for (var row = 0; row < partitionOfRow.Length; row++)
        {
            if (partitionOfRow[row] >= 0)
            {
                rows[next[partitionOfRow[row]]++] = row;
            }
        }

        return (rows, first);
    }

    private float ScaleUnit(int first, int own, int partition)
    {
        var unit = 0f;
        foreach (var row in _rows.AsSpan(first, own))
        {
            unit = Math.Max(unit, Math.Abs(_items.Scales[row]));
        }

        foreach (var row in _spilledRows.AsSpan(_firstSpilled[partition].._firstSpilled[partition + 1]))
        {
            unit = Math.Max(unit, Math.Abs(_items.Spilled!.Scales[row]));
        }

        return unit;
    }

    private void PackPartition(PackedCodes packed, int partition, int[] positions)
    {
        var (place, subspaces) = (_partitions[partition], packed.Subspaces);
        var codes = new byte[PackedLookup.BlockItems * subspaces];
        for (var first = 0; first < place.Count; first += PackedLookup.BlockItems)
        {
            var block = place.FirstBlock + (first / PackedLookup.BlockItems);
            var count = Math.Min(PackedLookup.BlockItems, place.Count - first);
            var scales = packed.Scales.Span((long)block * PackedLookup.BlockItems, PackedLookup.BlockItems);
            for (var entry = 0; entry < count; entry++)
            {
                var (row, from, scale) = Entry(partition, first + entry);
                from.AsSpan(row * subspaces, subspaces).CopyTo(codes.AsSpan(entry * subspaces));
                scales[entry] = place.ScaleUnit > 0 ? (short)MathF.Round(scale / place.ScaleUnit * PackedCodes.ScaleOne) : (short)0;
                if (packed.HasSpilled)
                {
                    packed.SpilledPositions[((long)block * PackedLookup.BlockItems) + entry] = positions[row];
                }
            }

            PackedLookup.Pack(
                codes.AsSpan(0, count * subspaces), subspaces, packed.Codes.Span((long)block * subspaces * PackedLookup.RowBytes, subspaces * PackedLookup.RowBytes));
        }
    }

    private (int Row, byte[] Codes, float Scale) Entry(int partition, int entry)
    {
        var place = _partitions[partition];
        if (entry < place.ItemCount)
        {
            var row = _rows[place.FirstPosition + entry];
            return (row, _items.Codes, _items.Scales[row]);
        }

        var spilledRow = _spilledRows[_firstSpilled[partition] + entry - place.ItemCount];
        return (spilledRow, _items.Spilled!.Codes, _items.Spilled.Scales[spilledRow]);
    }
}

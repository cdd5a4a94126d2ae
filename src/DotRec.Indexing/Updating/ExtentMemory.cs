using System.Diagnostics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Room for entries of one partition: codes in blocks, scales and positions. Shared by the extents that grow one out of another until it is full;
/// the writer writes behind the last entry that any of them knows of.
/// </summary>
internal sealed unsafe class ExtentMemory
{
    private readonly Section<byte> _memory;
    private readonly int _subspaces;
    private readonly byte* _codes;
    private readonly short* _scales;
    private readonly int* _positions;

    /// <param name="subspaces">M.</param>
    /// <param name="capacity">Entries, rounded up to whole blocks.</param>
    /// <param name="unit">What a scale of 1 is worth: the greatest there may be.</param>
    public ExtentMemory(int subspaces, int capacity, float unit)
    {
        var blocks = (long)PackedLookup.CountBlocks(capacity);
        var (codeBytes, scaleBytes) = (blocks * subspaces * PackedLookup.RowBytes, blocks * PackedLookup.BlockItems * sizeof(short));
        Capacity = checked((int)(blocks * PackedLookup.BlockItems));
        Unit = unit;
        _subspaces = subspaces;
        _memory = AllocatedMemory.New<byte>(codeBytes + scaleBytes + ((long)Capacity * sizeof(int)));
        _codes = _memory.Pointer(0, _memory.Length);
        _scales = (short*)(_codes + codeBytes);
        _positions = (int*)(_codes + codeBytes + scaleBytes);
    }

    public int Capacity { get; }

    public float Unit { get; }

    private int BlockBytes => _subspaces * PackedLookup.RowBytes;

    /// <summary>The positions of the first entries.</summary>
    public ReadOnlySpan<int> Positions(int count)
    {
        Debug.Assert(count <= Capacity);
        return new ReadOnlySpan<int>(_positions, count);
    }

    /// <summary>Entries as a scan sees them, all of them allowed.</summary>
    /// <param name="first">The first, which begins a block.</param>
    /// <param name="count">How many.</param>
    /// <param name="run">Written.</param>
    public void Describe(int first, int count, EntryRun* run)
    {
        Debug.Assert(first % PackedLookup.BlockItems == 0 && first + count <= Capacity);
        run->Packed.Codes = _codes + ((long)first / PackedLookup.BlockItems * BlockBytes);
        run->Packed.Scales = _scales + first;
        run->Packed.Allowed = null;
        run->Packed.Rows = _subspaces;
        run->Packed.Count = count;
        run->Unit = Unit;
        run->FirstPosition = 0;
        run->Positions = _positions + first;
        run->InOrder = 0;
    }

    /// <summary>Writes one entry, where there was none.</summary>
    public void Write(int entry, ReadOnlySpan<byte> codes, float scale, int position) =>
        Write(entry, codes, Unit > 0 ? (short)MathF.Round(scale / Unit * PackedCodes.ScaleOne) : (short)0, position);

    /// <summary>Writes the allowed entries of a run of the same unit behind those there are.</summary>
    /// <param name="run">The run.</param>
    /// <param name="count">Entries there are.</param>
    /// <returns>Entries there are then.</returns>
    public int Append(EntryRun* run, int count)
    {
        Span<byte> codes = stackalloc byte[_subspaces];
        for (var first = 0; first < run->Packed.Count; first += PackedLookup.BlockItems)
        {
            var words = run->Packed.Allowed == null ? null : run->Packed.Allowed + (first / 64);
            var isWhole = run->Packed.Count - first >= PackedLookup.BlockItems && (words == null || (words[0] & words[1]) == ulong.MaxValue);
            if (isWhole && count % PackedLookup.BlockItems == 0)
            {
                Copy(run, first, count);
                count += PackedLookup.BlockItems;
                continue;
            }

            var block = new ReadOnlySpan<byte>(run->Packed.Codes + ((long)first / PackedLookup.BlockItems * BlockBytes), BlockBytes);
            for (var item = 0; item < Math.Min(PackedLookup.BlockItems, run->Packed.Count - first); item++)
            {
                if (words != null && (words[item >> 6] >> (item & 63) & 1) == 0)
                {
                    continue;
                }

                for (var row = 0; row < codes.Length; row++)
                {
                    codes[row] = (byte)PackedLookup.Unpack(block, item, row);
                }

                Write(count++, codes, run->Packed.Scales[first + item], PositionOf(run, first + item));
            }
        }

        return count;
    }

    private static int PositionOf(EntryRun* run, int entry) => run->Positions == null ? run->FirstPosition + entry : run->Positions[entry];

    private void Write(int entry, ReadOnlySpan<byte> codes, short scale, int position)
    {
        var (block, item) = Math.DivRem(entry, PackedLookup.BlockItems);
        PackedLookup.Write(codes, item, _memory.Span((long)block * BlockBytes, BlockBytes));
        _scales[entry] = scale;
        _positions[entry] = position;
    }

    private void Copy(EntryRun* run, int from, int to)
    {
        var source = new ReadOnlySpan<byte>(run->Packed.Codes + ((long)from / PackedLookup.BlockItems * BlockBytes), BlockBytes);
        source.CopyTo(_memory.Span((long)to / PackedLookup.BlockItems * BlockBytes, BlockBytes));
        new ReadOnlySpan<short>(run->Packed.Scales + from, PackedLookup.BlockItems).CopyTo(new Span<short>(_scales + to, PackedLookup.BlockItems));
        for (var item = 0; item < PackedLookup.BlockItems; item++)
        {
            _positions[to + item] = PositionOf(run, from + item);
        }
    }
}

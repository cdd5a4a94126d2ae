using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Codes of items that were added since an index was built, in blocks of their partitions. Never changes for those who hold it: what is appended
/// lies behind the last entry of a block or in later blocks, where they do not look.
/// </summary>
internal sealed class AddedCodes
{
    // A block's scales are relative to a unit, that of its partition or with some room above its first one; a greater one begins another block.
    private const float UnitRoom = 1.5f;
    private const int LeastBlocks = 64;

    private readonly PackedCodes _items;
    private readonly Room _room;
    private readonly Tail[] _tails;
    private readonly int _blockCount;

    private AddedCodes(PackedCodes items, Room room, Tail[] tails, int blockCount, Tombstones dead)
    {
        _items = items;
        _room = room;
        _tails = tails;
        _blockCount = blockCount;
        Dead = dead;
    }

    /// <summary>Entries that are no items any more: 128 · block + entry.</summary>
    public Tombstones Dead { get; }

    /// <summary>No entries.</summary>
    public static AddedCodes Empty(PackedCodes codes)
    {
        var tails = new Tail[codes.PartitionCount];
        Array.Fill(tails, new Tail(-1, 0));
        return new AddedCodes(codes, new Room(codes.Subspaces, 0), tails, 0, Tombstones.None);
    }

    /// <summary>The blocks of a partition.</summary>
    public AddedBlocks Blocks(int partition) => new(this, _tails[partition].Block, _tails[partition].Count);

    /// <summary>The position of an entry.</summary>
    public int PositionAt(int block, int entry) => _room.Positions[((long)block * PackedLookup.BlockItems) + entry];

    /// <summary>The block before one in its partition, or −1.</summary>
    public int Before(int block) => _room.Heads[block].Before;

    /// <summary>Entries of a block that is not the last one of its partition.</summary>
    public int CountOf(int block) => _room.Heads[block].Count;

    /// <summary>A block as a scan sees it.</summary>
    public unsafe void Describe(int block, int count, EntryRun* run)
    {
        run->Packed.Codes = _room.Codes.Pointer((long)block * _room.Subspaces * PackedLookup.RowBytes, _room.Subspaces * PackedLookup.RowBytes);
        run->Packed.Scales = _room.Scales.Pointer((long)block * PackedLookup.BlockItems, PackedLookup.BlockItems);
        run->Packed.Rows = _room.Subspaces;
        run->Packed.Count = count;
        run->Unit = _room.Heads[block].Unit;
        run->FirstPosition = 0;
        run->Positions = _room.Positions.Pointer((long)block * PackedLookup.BlockItems, PackedLookup.BlockItems);
    }

    /// <summary>These codes with entries marked that are no items any more.</summary>
    public AddedCodes Without(List<long> entries) => entries.Count == 0 ? this : new AddedCodes(_items, _room, _tails, _blockCount, Dead.With(entries));

    /// <summary>These codes with entries appended. Only one may grow out of each.</summary>
    /// <param name="coded">The entries; the caller holds the memory of the index.</param>
    /// <param name="firstPosition">Position of the first; the others follow.</param>
    /// <param name="entries">Written: where each entry is, 128 · block + entry.</param>
    public AddedCodes With(CodedEntries coded, int firstPosition, Span<int> entries)
    {
        var (room, tails, blockCount) = (_room, (Tail[])_tails.Clone(), _blockCount);
        for (var i = 0; i < coded.Count; i++)
        {
            ref var tail = ref tails[coded.Partitions[i]];
            var scale = coded.Scales[i];
            if (tail.Block < 0 || tail.Count == PackedLookup.BlockItems || scale > room.Heads[tail.Block].Unit)
            {
                if (blockCount == room.Capacity)
                {
                    room = room.Larger(blockCount);
                }

                if (tail.Block >= 0)
                {
                    room.Heads[tail.Block].Count = tail.Count;
                }

                room.Heads[blockCount] = new Head(tail.Block, 0, Math.Max(scale * UnitRoom, _items.Partitions[coded.Partitions[i]].ScaleUnit));
                tail = new Tail(blockCount++, 0);
            }

            room.Write(tail.Block, tail.Count, coded.Codes.AsSpan(i * room.Subspaces, room.Subspaces), scale, firstPosition + i);
            entries[i] = (tail.Block * PackedLookup.BlockItems) + tail.Count;
            tail = tail with { Count = tail.Count + 1 };
        }

        return new AddedCodes(_items, room, tails, blockCount, Dead);
    }

    private readonly record struct Tail(int Block, int Count);

    /// <summary>Before: the block before it in its partition. Count: written when the next one begins.</summary>
    private record struct Head(int Before, int Count, float Unit);

    /// <summary>Memory for blocks, shared by the codes that grow one out of another until it is full.</summary>
    private sealed class Room(int subspaces, int capacity)
    {
        public int Subspaces => subspaces;

        public int Capacity => capacity;

        public Head[] Heads { get; } = new Head[capacity];

        public Section<byte> Codes { get; } = AllocatedMemory.New<byte>((long)capacity * subspaces * PackedLookup.RowBytes);

        public Section<short> Scales { get; } = AllocatedMemory.New<short>((long)capacity * PackedLookup.BlockItems);

        public Section<int> Positions { get; } = AllocatedMemory.New<int>((long)capacity * PackedLookup.BlockItems);

        public Room Larger(int used)
        {
            var larger = new Room(subspaces, Math.Max(LeastBlocks, checked(2 * capacity)));
            Heads.AsSpan(0, used).CopyTo(larger.Heads);
            Copy(Codes, larger.Codes, (long)used * subspaces * PackedLookup.RowBytes);
            Copy(Scales, larger.Scales, (long)used * PackedLookup.BlockItems);
            Copy(Positions, larger.Positions, (long)used * PackedLookup.BlockItems);
            return larger;
        }

        public void Write(int block, int entry, ReadOnlySpan<byte> codes, float scale, int position)
        {
            PackedLookup.Write(codes, entry, Codes.Span((long)block * subspaces * PackedLookup.RowBytes, subspaces * PackedLookup.RowBytes));
            Scales[((long)block * PackedLookup.BlockItems) + entry] = Heads[block].Unit > 0 ? (short)MathF.Round(scale / Heads[block].Unit * PackedCodes.ScaleOne) : (short)0;
            Positions[((long)block * PackedLookup.BlockItems) + entry] = position;
        }

        private static unsafe void Copy<T>(Section<T> from, Section<T> to, long length)
            where T : unmanaged =>
            Buffer.MemoryCopy(from.Pointer(0, length), to.Pointer(0, length), to.ByteLength, length * sizeof(T));
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Writes the extents of partitions: adds entries, and writes a partition anew where that makes its scans shorter. Every entry pays for a few that
/// are copied, so that a call costs what it changes.
/// </summary>
/// <param name="items">What the index has; the caller holds its memory.</param>
/// <param name="deadItems">Entries of it that are no items any more.</param>
internal sealed unsafe class ExtentWriter(PackedCodes items, Tombstones deadItems)
{
    // Items that are farther from their centroid than those of the index get an extent with room for some that are farther still.
    private const float UnitRoom = 1.5f;

    // A partition of the index that is scanned in one go is copied when the first item is added, a greater one when an eighth has been.
    private const int MergeShare = 8;

    // So many times fewer entries may be dead before the others are brought together.
    private const int DeadShare = 4;

    // Room for a quarter more, so that few entries are copied for one that is added, and memory is at most so much larger.
    private const int GrowthShare = 4;

    /// <summary>A partition's entries and others.</summary>
    /// <param name="extent">The entries so far, or null.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="coded">Where the others are.</param>
    /// <param name="added">Which they are.</param>
    /// <param name="firstPosition">Position of the first of <paramref name="coded"/>.</param>
    public PartitionExtent Add(PartitionExtent? extent, int partition, CodedEntries coded, ReadOnlySpan<int> added, int firstPosition)
    {
        var place = items.Partitions[partition];
        extent ??= Empty(place.ScaleUnit, added.Length);
        if (!extent.ReplacesIndex && place.Count <= Math.Max(Shortlist.MaxBatch, MergeShare * ((long)extent.Count + added.Length)))
        {
            extent = Merge(extent, place, AliveItems(place), added.Length);
        }

        foreach (var i in added)
        {
            extent = Add(extent, coded.Codes.AsSpan(i * items.Subspaces, items.Subspaces), coded.Scales[i], firstPosition + i);
        }

        return extent;
    }

    /// <summary>Brings a partition's living entries together where many are dead.</summary>
    public PartitionExtent? Compact(PartitionExtent? extent, int partition)
    {
        var place = items.Partitions[partition];
        if (extent?.ReplacesIndex != true)
        {
            var alive = AliveItems(place);
            if ((place.Count - EntryWords.Count(alive)) * (long)DeadShare > place.Count)
            {
                extent = Merge(extent ?? Empty(place.ScaleUnit, 0), place, alive, 0);
            }
        }

        return extent is null ? null : Compact(extent);
    }

    private PartitionExtent Compact(PartitionExtent extent)
    {
        var farther = extent.Farther is null ? null : Compact(extent.Farther);
        extent = extent.With(farther is { Count: 0, Farther: null } ? null : farther);
        return extent.DeadCount * (long)DeadShare > extent.Count ? Rewrite(extent) : extent;
    }

    private PartitionExtent Add(PartitionExtent extent, ReadOnlySpan<byte> codes, float scale, int position)
    {
        if (Math.Abs(scale) > extent.Unit)
        {
            return extent.With(Add(extent.Farther ?? Empty(Math.Abs(scale) * UnitRoom, 1), codes, scale, position));
        }

        return (extent.IsFull ? Rewrite(extent) : extent).With(codes, scale, position);
    }

    private PartitionExtent Empty(float unit, int count) => new(new ExtentMemory(items.Subspaces, Math.Max(count, 1), unit), 0, null, 0, 0, null);

    // The living entries of an extent, with room for more.
    private PartitionExtent Rewrite(PartitionExtent extent)
    {
        var (count, memory) = (0, Room(extent.Count - extent.DeadCount, extent.Unit));
        var alive = Alive(extent);
        AppendTo(memory, extent, alive, ref count);
        var kept = extent.ReplacesIndex ? extent.Kept.ToArray() : null;
        var keptCount = EntryWords.Narrow(kept, alive);
        return new PartitionExtent(memory, count, kept, keptCount, InOrder(kept), extent.Farther);
    }

    // The living entries of the index and, behind them, those of an extent of the same unit.
    private PartitionExtent Merge(PartitionExtent extent, PackedPartition place, ulong[] alive, int more)
    {
        var keptCount = EntryWords.Count(alive);
        var (count, memory) = (0, Room(keptCount + extent.Count - extent.DeadCount + more, place.ScaleUnit));
        if (place.Count > 0)
        {
            EntryRun run;
            var first = (long)place.FirstBlock * PackedLookup.BlockItems;
            var blocks = PackedLookup.CountBlocks(place.Count);
            var blockBytes = (long)items.Subspaces * PackedLookup.RowBytes;
            run.Packed.Codes = items.Codes.Pointer(place.FirstBlock * blockBytes, blocks * blockBytes);
            run.Packed.Scales = items.Scales.Pointer(first, (long)blocks * PackedLookup.BlockItems);
            run.Packed.Count = place.Count;
            run.FirstPosition = place.FirstPosition;
            run.Positions = items.HasSpilled ? items.SpilledPositions.Pointer(first, (long)blocks * PackedLookup.BlockItems) : null;
            fixed (ulong* allowed = alive)
            {
                run.Packed.Allowed = allowed;
                count = memory.Append(&run, count);
            }
        }

        AppendTo(memory, extent, Alive(extent), ref count);
        return new PartitionExtent(memory, count, alive, keptCount, InOrder(alive), extent.Farther);
    }

    private static void AppendTo(ExtentMemory memory, PartitionExtent extent, ulong[] alive, ref int count)
    {
        EntryRun run;
        fixed (ulong* allowed = alive)
        {
            for (var first = 0; first < extent.Count; first += Shortlist.MaxBatch)
            {
                extent.Describe(first, &run);
                run.Packed.Allowed = allowed + (first / 64);
                count = memory.Append(&run, count);
            }
        }
    }

    // Behind the items of a partition come copies of others, in no order.
    private int InOrder(ReadOnlySpan<ulong> kept) => items.HasSpilled ? 0 : EntryWords.CountLeading(kept);

    private ExtentMemory Room(int count, float unit) => new(items.Subspaces, checked(count + (count / GrowthShare) + 1), unit);

    private static ulong[] Alive(PartitionExtent extent)
    {
        var words = EntryWords.All(extent.Count);
        extent.RemoveDead(words);
        return words;
    }

    private ulong[] AliveItems(PackedPartition place)
    {
        var words = EntryWords.All(place.Count);
        deadItems.Remove(2L * place.FirstBlock, words);
        return words;
    }
}

using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>
/// From an id's 64-bit hash to its row: open addressing with linear probing over 8-byte slots, at most two thirds full, written to files as
/// it is. A slot keeps 32 bits of the hash, so that ids themselves are compared about once a look-up.
/// </summary>
internal readonly struct IdTable(Section<IdTable.Slot> slots)
{
    /// <summary>Row + 1, so that zeroed memory is an empty table, and the low half of the hash; the high half chose the slot.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public record struct Slot(uint Tag, int RowPlusOne);

    public Section<Slot> Slots => slots;

    /// <summary>Slots of a table for so many ids: never full, so that every probe ends.</summary>
    public static long SlotCount(int idCount) => idCount + ((long)idCount / 2) + 1;

    public static IdTable New(int idCount) => new(AllocatedMemory.New<Slot>(SlotCount(idCount)));

    /// <summary>Begins a look-up: pass the result to <see cref="Next"/> until that returns −1.</summary>
    public Probe Begin(ulong hash) => new((long)Math.BigMul(hash, (ulong)slots.Length, out _), (uint)hash);

    /// <summary>The next row whose id may have the hash, or −1.</summary>
    public int Next(ref Probe probe)
    {
        // The bound on steps matters only for a damaged file: a table made here always has an empty slot.
        for (; probe.Steps < slots.Length; probe.Steps++)
        {
            var slot = slots[probe.At];
            if (slot.RowPlusOne == 0)
            {
                return -1;
            }

            probe.At = probe.At + 1 == slots.Length ? 0 : probe.At + 1;
            if (slot.Tag == probe.Tag)
            {
                probe.Steps++;
                return slot.RowPlusOne - 1;
            }
        }

        return -1;
    }

    /// <summary>Puts a row into the slot where the look-up ended.</summary>
    public void Insert(in Probe probe, int row) => slots[probe.At] = new Slot(probe.Tag, row + 1);

    /// <summary>The state of one look-up.</summary>
    public struct Probe(long at, uint tag)
    {
        public long At = at;
        public readonly uint Tag = tag;
        public long Steps;
    }
}

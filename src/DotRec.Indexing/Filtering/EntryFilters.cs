using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Filters in the order in which an approximate index keeps its entries, so that a scan can combine their bits with those of the items found.
/// A partition is mapped when the first search with a filter comes to it, and kept as long as the filter lives.
/// </summary>
/// <param name="snapshot">The entries.</param>
/// <param name="rowAtPosition">[N]: the row at each position; null where the snapshot's own rows are meant.</param>
internal sealed class EntryFilters(ScannSnapshot snapshot, int[]? rowAtPosition)
{
    // Stands for this object in filters, which may live longer than the index.
    private readonly object _identity = new();

    // Of filters that were used with another index before.
    private readonly ConditionalWeakTable<ItemFilter, Mapped> _others = [];

    /// <summary>A filter that is no combination, as far as it is mapped.</summary>
    public Mapped Of(ItemFilter filter)
    {
        // Most filters are of one index: it keeps what is mapped in the filter itself.
        var mapped = filter.Mapped;
        if (mapped is null)
        {
            var made = new Mapped(_identity, new ulong[]?[snapshot.Codes.PartitionCount]);
            mapped = Interlocked.CompareExchange(ref filter.Mapped, made, null) ?? made;
        }

        return ReferenceEquals(mapped.Owner, _identity)
            ? mapped
            : _others.GetValue(filter, _ => new Mapped(_identity, new ulong[]?[snapshot.Codes.PartitionCount]));
    }

    /// <summary>One bit an entry of a partition, lowest first: two words a block.</summary>
    public ReadOnlySpan<ulong> Words(ItemFilter filter, Mapped mapped, int partition) =>
        Volatile.Read(ref mapped.Words[partition]) ?? Map(filter, mapped, partition);

    private ulong[] Map(ItemFilter filter, Mapped mapped, int partition)
    {
        var codes = snapshot.Codes;
        var place = codes.Partitions[partition];
        var words = new ulong[2 * PackedLookup.CountBlocks(place.Count)];
        if (codes.HasSpilled || filter.AllowsLaterRows)
        {
            for (var entry = 0; entry < place.Count; entry++)
            {
                var position = codes.HasSpilled
                    ? codes.SpilledPositions[((long)place.FirstBlock * PackedLookup.BlockItems) + entry]
                    : place.FirstPosition + entry;
                var row = rowAtPosition is null ? snapshot.Rows.RowAt(position) : rowAtPosition[position];
                words[entry >> 6] |= filter.Bit(row) << (entry & 63);
            }
        }
        else
        {
            var rows = rowAtPosition is null
                ? snapshot.Rows.Rows.Span(place.FirstPosition, place.Count)
                : rowAtPosition.AsSpan(place.FirstPosition, place.Count);
            BitGather.Gather(filter.OwnBits, rows, words);
        }

        Volatile.Write(ref mapped.Words[partition], words);
        return words;
    }

    /// <summary>The words of one filter by partition, made by whoever comes first; two threads that come at once make the same.</summary>
    /// <param name="Owner">Whose entries they are of.</param>
    /// <param name="Words">[P].</param>
    internal sealed record Mapped(object Owner, ulong[]?[] Words);
}

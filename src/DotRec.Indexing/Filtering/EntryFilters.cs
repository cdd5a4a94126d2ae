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
    private readonly ConditionalWeakTable<ItemFilter, Mapped> _mapped = [];

    /// <summary>A filter that is no combination, as far as it is mapped.</summary>
    public Mapped Of(ItemFilter filter) =>
        _mapped.TryGetValue(filter, out var mapped) ? mapped : _mapped.GetValue(filter, own => new Mapped(snapshot, rowAtPosition, own));

    /// <summary>The words of one filter by partition.</summary>
    internal sealed class Mapped(ScannSnapshot snapshot, int[]? rowAtPosition, ItemFilter filter)
    {
        // Made by whoever comes first; two threads that come at once make the same.
        private readonly ulong[]?[] _words = new ulong[]?[snapshot.Codes.PartitionCount];

        /// <summary>One bit an entry, lowest first: two words a block.</summary>
        public ReadOnlySpan<ulong> Words(int partition) => Volatile.Read(ref _words[partition]) ?? Map(partition);

        private ulong[] Map(int partition)
        {
            var codes = snapshot.Codes;
            var place = codes.Partitions[partition];
            var words = new ulong[2 * PackedLookup.CountBlocks(place.Count)];
            for (var entry = 0; entry < place.Count; entry++)
            {
                var position = codes.HasSpilled
                    ? codes.SpilledPositions[((long)place.FirstBlock * PackedLookup.BlockItems) + entry]
                    : place.FirstPosition + entry;
                var row = rowAtPosition is null ? snapshot.Rows.RowAt(position) : rowAtPosition[position];
                words[entry >> 6] |= filter.Bit(row) << (entry & 63);
            }

            Volatile.Write(ref _words[partition], words);
            return words;
        }
    }
}

using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Filters in the order in which an approximate index keeps its entries, so that a scan can combine their bits with those of the items found.
/// A partition is mapped when searches with a filter come to it again, and kept as long as the filter lives: one that is made for one search is
/// asked for those items only that the scan finds.
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
        // A smaller share is mapped at once: nearly everything that a scan finds would have to be asked for.
        private const int SmallShare = 32;

        // Made by whoever comes first; two threads that come at once make the same.
        private readonly ulong[]?[] _words = new ulong[]?[snapshot.Codes.PartitionCount];

        // Whether a partition was visited before; races lose a visit at most.
        private readonly bool[] _visited = new bool[snapshot.Codes.PartitionCount];

        private readonly bool _isSmall = filter.CountAllowed(snapshot.Count) <= snapshot.Count / SmallShare;

        /// <summary>Visits a partition.</summary>
        /// <returns>Whether it is mapped, or is so now.</returns>
        public bool Visit(int partition)
        {
            if (Volatile.Read(ref _words[partition]) is not null)
            {
                return true;
            }

            if (!_isSmall && !_visited[partition])
            {
                _visited[partition] = true;
                return false;
            }

            Map(partition);
            return true;
        }

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

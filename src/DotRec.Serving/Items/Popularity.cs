using System.Collections;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>How often each item was chosen in training, and the items in that order: the answer for those of whom nothing is known.</summary>
internal sealed class Popularity
{
    private readonly CountList _counts;
    private readonly RowValues<int>? _mapped;
    private readonly int[] _order = [];

    public Popularity(long[] counts)
    {
        _counts = new CountList(counts.Length, row => counts[row]);
        _order = [.. Enumerable.Range(0, counts.Length).OrderByDescending(row => counts[row])];
    }

    /// <param name="counts">Counts by row.</param>
    /// <param name="order">The rows by falling count.</param>
    public Popularity(RowValues<long> counts, RowValues<int> order) => (_counts, _mapped) = (new CountList(counts.Count, row => counts[row]), order);

    /// <summary>Counts by row.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>The row at a place of the order, 0 the most popular.</summary>
    public int RowAt(int place) => _mapped is null ? _order[place] : _mapped[place];

    /// <summary>How often the items of a column of ids come.</summary>
    public static Popularity Of(Column chosen, ItemIds ids)
    {
        var counts = new long[ids.Count];
        for (var row = 0; row < chosen.RowCount; row++)
        {
            if (ids.RowOf(ItemTable.IdOf(chosen, row)) is >= 0 and var item)
            {
                counts[item]++;
            }
        }

        return new Popularity(counts);
    }

    /// <summary>Fills <paramref name="results"/> with the most popular items allowed; equal counts ordered by row. The score is the count, 0 for items that came later.</summary>
    /// <returns>How many were written.</returns>
    public int Search(ItemIds ids, Span<Candidate> results, ItemFilter? filter, ReadOnlySpan<int> excluded)
    {
        var written = 0;
        HashSet<int> left = [.. excluded];
        for (var i = 0; i < ids.Count && written < results.Length; i++)
        {
            var row = i < _counts.Count ? RowAt(i) : i;
            if (ids.Has(row) && (filter is null || Allows(filter, row)) && !left.Contains(row))
            {
                results[written++] = new Candidate(row, i < _counts.Count ? _counts[row] : 0);
            }
        }

        return written;
    }

    /// <summary>The counts of some rows, for an index in which these rows stand in this order.</summary>
    public Popularity Select(ReadOnlySpan<int> rows)
    {
        var counts = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            counts[i] = rows[i] < _counts.Count ? _counts[rows[i]] : 0;
        }

        return new Popularity(counts);
    }

    private static bool Allows(ItemFilter filter, int row) => row < filter.Count ? filter.Allows(row) : filter.AllowsLaterRows;

    private sealed class CountList(int count, Func<int, long> of) : IReadOnlyList<long>
    {
        public int Count => count;

        public long this[int index] => of(index);

        public IEnumerator<long> GetEnumerator() => Enumerable.Range(0, count).Select(of).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

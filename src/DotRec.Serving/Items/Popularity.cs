using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>How often each item was chosen in training, and the items in that order: the answer for those of whom nothing is known.</summary>
internal sealed class Popularity
{
    private readonly int[] _rows;

    public Popularity(long[] counts)
    {
        var negative = Array.FindIndex(counts, count => count < 0);
        if (negative >= 0)
        {
            throw new ArgumentException($"The popularity of row {negative} is {counts[negative]}; counts are 0 or more.", nameof(counts));
        }

        Counts = counts;
        _rows = [.. Enumerable.Range(0, counts.Length).OrderByDescending(row => counts[row])];
    }

    /// <summary>Counts by row.</summary>
    public long[] Counts { get; }

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
            var row = i < _rows.Length ? _rows[i] : i;
            if (ids.Has(row) && (filter is null || Allows(filter, row)) && !left.Contains(row))
            {
                results[written++] = new Candidate(row, i < _rows.Length ? Counts[row] : 0);
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
            counts[i] = rows[i] < Counts.Length ? Counts[rows[i]] : 0;
        }

        return new Popularity(counts);
    }

    private static bool Allows(ItemFilter filter, int row) => row < filter.Count ? filter.Allows(row) : filter.AllowsLaterRows;
}

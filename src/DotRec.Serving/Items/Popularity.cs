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

    /// <summary>Fills <paramref name="results"/> with the most popular items allowed; equal counts ordered by row. The score is the count.</summary>
    /// <returns>How many were written.</returns>
    public int Search(Span<Candidate> results, ItemFilter? filter, HashSet<int> excluded)
    {
        var written = 0;
        foreach (var row in _rows)
        {
            if (written == results.Length)
            {
                break;
            }

            if ((filter is null || filter.Allows(row)) && !excluded.Contains(row))
            {
                results[written++] = new Candidate(row, Counts[row]);
            }
        }

        return written;
    }
}

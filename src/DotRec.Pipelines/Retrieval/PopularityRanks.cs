namespace DotRec.Pipelines;

/// <summary>Ranks of items by how often they were chosen in training: the lists that somebody of whom nothing is known would get.</summary>
internal sealed class PopularityRanks
{
    private readonly int[] _places;

    /// <param name="counts">How often each item was chosen, by row. Of equal ones the earlier row is first.</param>
    public PopularityRanks(IReadOnlyList<long> counts)
    {
        _places = new int[counts.Count];
        foreach (var (place, row) in Enumerable.Range(0, counts.Count).OrderByDescending(row => counts[row]).Index())
        {
            _places[row] = place;
        }
    }

    /// <summary>The rank of an item, from 1; 0 for one that is not among the first <paramref name="k"/> or not known.</summary>
    /// <param name="row">Row of the item, −1 for one that is not held.</param>
    /// <param name="excluded">Rows of items that are left out.</param>
    /// <param name="k">Length of the list.</param>
    public int Of(int row, ReadOnlySpan<int> excluded, int k)
    {
        if (row < 0 || row >= _places.Length || excluded.Contains(row))
        {
            return 0;
        }

        var rank = 1 + _places[row];
        foreach (var other in excluded)
        {
            rank -= other < _places.Length && _places[other] < _places[row] ? 1 : 0;
        }

        return rank <= k ? rank : 0;
    }
}

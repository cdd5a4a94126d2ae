namespace DotRec.Modeling;

/// <summary>Histories, each with the item that came next and that no model was trained on: what sequence models are measured by.</summary>
public sealed class HistoryTargets
{
    /// <summary>Joins histories and targets.</summary>
    /// <param name="histories">What each query had before.</param>
    /// <param name="targets">Catalogue row of the item that each query had next; −1 leaves the query out.</param>
    /// <exception cref="ArgumentException">There is not one target a query, or one is no row of the catalogue.</exception>
    public HistoryTargets(Histories histories, IReadOnlyList<int> targets)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count != histories.Count)
        {
            throw new ArgumentException($"There are {targets.Count} targets for {histories.Count} histories. Give one a query, -1 where there is none.", nameof(targets));
        }

        Targets = [.. targets];
        for (var query = 0; query < Targets.Length; query++)
        {
            if (Targets[query] < -1 || Targets[query] >= histories.ItemCount)
            {
                throw new ArgumentException(
                    $"The target of query {query} is row {Targets[query]}; the rows of a catalogue of {histories.ItemCount} items are 0 to {histories.ItemCount - 1}, and -1 stands for none.",
                    nameof(targets));
            }
        }

        Histories = histories;
    }

    /// <summary>What each query had before.</summary>
    public Histories Histories { get; }

    /// <summary>Queries that have a target.</summary>
    public int Count => Targets.Count(target => target >= 0);

    /// <summary>Catalogue row of what came next, −1 for queries that are left out.</summary>
    internal int[] Targets { get; }

    /// <summary>
    /// Leave-last-out: the last item of each history is its target, and the history ends before it. Histories of fewer than <paramref name="shortest"/> items
    /// have no target.
    /// </summary>
    /// <param name="histories">Whole histories.</param>
    /// <param name="shortest">Items that a history must have, 2 or more.</param>
    /// <returns>The targets, with the histories before them; the histories of queries without a target are whole.</returns>
    public static HistoryTargets LeaveLastOut(Histories histories, int shortest = 2)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, 2);
        var lists = new IReadOnlyList<int>[histories.Count];
        var targets = new int[histories.Count];
        for (var query = 0; query < lists.Length; query++)
        {
            var items = histories.Of(query);
            var isLong = items.Length >= shortest;
            targets[query] = isLong ? items[^1] : -1;
            lists[query] = (isLong ? items[..^1] : items).ToArray();
        }

        return new HistoryTargets(Histories.Of(histories.ItemCount, lists), targets);
    }

    /// <summary>The queries with a target, at most <paramref name="limit"/> of them, drawn by a seed, as histories of their own.</summary>
    internal HistoryTargets Sample(int limit, Kernels.SeededRandom random)
    {
        int[] queries = [.. Enumerable.Range(0, Targets.Length).Where(query => Targets[query] >= 0)];
        if (queries.Length > limit)
        {
            random.Shuffle(queries.AsSpan());
            queries = queries[..limit];
            Array.Sort(queries);
        }

        return new HistoryTargets(
            Histories.Of(Histories.ItemCount, [.. queries.Select(query => (IReadOnlyList<int>)Histories.Of(query).ToArray())]), [.. queries.Select(query => Targets[query])]);
    }
}

namespace DotRec.Modeling;

/// <summary>What recommended lists do to a catalogue: how much of it they show, how well known it is already, and how alike the items of a list are.</summary>
public sealed record CatalogueMetrics
{
    private CatalogueMetrics()
    {
    }

    /// <summary>The share of items that are in at least one list.</summary>
    public required double Coverage { get; init; }

    /// <summary>
    /// How unevenly the places go to items, 0 (all as often) to 1 (one item has all): Gini's coefficient of how often each item of the catalogue is shown.
    /// </summary>
    public required double Concentration { get; init; }

    /// <summary>Novelty (Zhou et al., 2010): the mean over places of −log2 of the share of training choices that are of the item; items that nobody chose count as chosen once.</summary>
    public required double Novelty { get; init; }

    /// <summary>
    /// Popularity bias: how often the items of the lists were chosen in training, on average over places, divided by the same of what queries chose themselves in training; 1 where
    /// recommendations are as popular as choices.
    /// </summary>
    public required double PopularityBias { get; init; }

    /// <summary>
    /// Diversity within lists: 1 less the mean likeness of the pairs of a list, over lists of at least two; null where no likeness was given.
    /// </summary>
    public double? Diversity { get; init; }

    /// <summary>Measures lists.</summary>
    /// <param name="lists">The recommended items of each query.</param>
    /// <param name="counts">How often each item of the catalogue was chosen in training.</param>
    /// <param name="likeness">How alike two items are, at most 1; null to leave diversity out.</param>
    /// <exception cref="ArgumentException">There is no recommended item, or nothing was chosen in training.</exception>
    public static CatalogueMetrics Of(IReadOnlyList<int[]> lists, IReadOnlyList<int> counts, Func<int, int, double>? likeness = null)
    {
        ArgumentNullException.ThrowIfNull(lists);
        ArgumentNullException.ThrowIfNull(counts);
        var (places, choices) = (lists.Sum(list => (long)list.Length), counts.Sum(count => (double)count));
        if (places == 0 || choices == 0)
        {
            throw new ArgumentException($"There are {places} recommended items and {choices} choices of training; both are needed.", nameof(lists));
        }

        var shown = new long[counts.Count];
        foreach (var item in lists.SelectMany(list => list))
        {
            shown[item]++;
        }

        return new CatalogueMetrics
        {
            Coverage = (double)shown.Count(times => times > 0) / shown.Length,
            Concentration = Gini(shown),
            Novelty = Enumerable.Range(0, shown.Length).Sum(item => shown[item] * -Math.Log2(Math.Max(1, counts[item]) / choices)) / places,
            PopularityBias = Enumerable.Range(0, shown.Length).Sum(item => shown[item] * (double)counts[item]) / places / (counts.Sum(count => (double)count * count) / choices),
            Diversity = likeness is null || !lists.Any(list => list.Length > 1) ? null : lists.Where(list => list.Length > 1).Average(list => 1 - MeanOfPairs(list, likeness)),
        };
    }

    private static double MeanOfPairs(int[] list, Func<int, int, double> likeness)
    {
        var sum = 0.0;
        for (var i = 1; i < list.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += likeness(list[i], list[j]);
            }
        }

        return sum / (list.Length * (list.Length - 1) / 2.0);
    }

    private static double Gini(long[] shown)
    {
        var sorted = shown.Order().ToArray();
        double total = sorted.Sum(), weighted = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            weighted += (i + 1.0) * sorted[i];
        }

        return ((2 * weighted) / (sorted.Length * total)) - ((sorted.Length + 1.0) / sorted.Length);
    }
}

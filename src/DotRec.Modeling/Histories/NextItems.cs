namespace DotRec.Modeling;

/// <summary>Examples to measure a <see cref="HistoryModel"/> on: what a query had, and what it chose next.</summary>
public sealed class NextItems
{
    private readonly int[] _queries;
    private readonly int[] _items;

    /// <summary>Examples of histories that are known.</summary>
    /// <param name="histories">What the queries had.</param>
    /// <param name="queries">The query of each example; −1 for one without a history.</param>
    /// <param name="items">Catalogue row of the item that each example's query chose; −1 for an item that the catalogue lacks, which is a miss.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public NextItems(Histories histories, IReadOnlyList<int> queries, IReadOnlyList<int> items)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(items);
        if (queries.Count != items.Count)
        {
            throw new ArgumentException($"There are {queries.Count} queries and {items.Count} items; an example has one of each.", nameof(items));
        }

        (Histories, _queries, _items) = (histories, [.. queries], [.. items]);
    }

    /// <summary>Examples of held-out rows: who asks and what was chosen.</summary>
    /// <param name="histories">What the queries had, made of rows with the same ids.</param>
    /// <param name="rows">The held-out rows.</param>
    /// <param name="queryIdColumn">Column that tells who chose.</param>
    /// <param name="itemIdColumn">Column that tells what was chosen, in both tables.</param>
    /// <param name="items">The catalogue that the histories are of.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type than before, or the catalogue has another number of items.</exception>
    public static NextItems Of(Histories histories, Data.FeatureBatch rows, string queryIdColumn, string itemIdColumn, Data.FeatureBatch items)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(items);
        var catalogue = IdTable.OfCatalogue(items[itemIdColumn]);
        return catalogue.Count == histories.ItemCount
            ? new NextItems(histories, histories.QueriesOf(rows[queryIdColumn]), catalogue.RowsOf(rows[itemIdColumn]))
            : throw new ArgumentException($"The catalogue has {catalogue.Count} items; the histories are of one of {histories.ItemCount}.", nameof(items));
    }

    /// <summary>What the queries had.</summary>
    public Histories Histories { get; }

    /// <summary>Number of examples.</summary>
    public int Count => _items.Length;

    /// <summary>The query of each example in <see cref="Histories"/>.</summary>
    public ReadOnlySpan<int> Queries => _queries;

    /// <summary>Catalogue row of the item that each query chose.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>The first examples of a seeded shuffle, in their order here: for validation that need not be of all.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="seed">Decides which.</param>
    public NextItems Sample(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (count >= Count)
        {
            return this;
        }

        var drawn = Data.RowHash.Sample(Count, count, seed);
        Array.Sort(drawn);
        return new NextItems(Histories, Array.ConvertAll(drawn, i => _queries[i]), Array.ConvertAll(drawn, i => _items[i]));
    }
}

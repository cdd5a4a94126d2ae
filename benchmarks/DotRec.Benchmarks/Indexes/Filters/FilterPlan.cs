namespace DotRec.Benchmarks;

/// <summary>Which filters to measure.</summary>
/// <param name="Kinds">Some of <see cref="AllKinds"/>.</param>
/// <param name="Selectivities">Items to allow, in percent.</param>
internal sealed record FilterPlan(IReadOnlyList<string> Kinds, IReadOnlyList<double> Selectivities)
{
    public static readonly string[] AllKinds = ["random", "category", "unlike", "like"];

    // An exact search of every question reads all items: so many values a case, which is a second or two of one core.
    private const double ValuesACase = 1e10;
    private const int MinQueries = 20;
    private const int SharedFilterQueries = 500;
    private const int CategoryQueries = 100;

    // These have a filter a query, which takes all scores of the query to make.
    private const int OwnFilterQueries = 50;

    /// <summary>Queries that ask with a filter that all share.</summary>
    public static int[] SharedQueries(VectorCorpus corpus) => Some(corpus, SharedFilterQueries);

    /// <summary>What makes the filters, kind by kind.</summary>
    public IEnumerable<IFilterKind> Makers(VectorCorpus corpus, ulong seed)
    {
        if (Kinds.Contains("random"))
        {
            yield return new RandomFilters(corpus, SharedQueries(corpus), seed);
        }

        if (Kinds.Contains("category"))
        {
            yield return new CategoryFilters(corpus, Some(corpus, CategoryQueries), seed);
        }

        if (Kinds.Contains("unlike") || Kinds.Contains("like"))
        {
            yield return new LikenessFilters(corpus, Some(corpus, OwnFilterQueries), seed, Kinds.Contains("like"), Kinds.Contains("unlike"));
        }
    }

    // By size alone, so that the same corpus is asked the same queries on any machine.
    private static int[] Some(VectorCorpus corpus, int atMost) =>
        corpus.TestQueries(Math.Clamp((int)Math.Min(ValuesACase / corpus.Items.Length, atMost), MinQueries, atMost));
}

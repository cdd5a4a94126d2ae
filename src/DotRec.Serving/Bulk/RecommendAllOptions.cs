namespace DotRec.Serving;

/// <summary>What <see cref="Recommender.RecommendAllAsync{TQuery}(IEnumerable{TQuery}, string, RecommendAllOptions?, IProgress{long}?, CancellationToken)"/> recommends and writes.</summary>
public sealed record RecommendAllOptions
{
    /// <summary>What to recommend for each query; the recommender's defaults when null.</summary>
    public RecommendOptions? Recommend { get; init; }

    /// <summary>Item columns to write beside id and score, lists as a|b|c; none by default.</summary>
    public IReadOnlyList<string> ItemColumns { get; init; } = [];
}

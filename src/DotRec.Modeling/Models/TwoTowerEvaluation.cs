using System.Globalization;

namespace DotRec.Modeling;

/// <summary>A two-tower model on held-out rows, beside the popularity baseline.</summary>
public sealed class TwoTowerEvaluation : Evaluation
{
    internal TwoTowerEvaluation(double loss, long exampleCount, RankingReport? ranking, RankingReport? popularity, IReadOnlyList<string> warnings)
        : base(loss, exampleCount)
    {
        Ranking = ranking;
        Popularity = popularity;
        Warnings = warnings;
    }

    /// <summary>The model's ranking metrics; null when the task has no catalogue.</summary>
    public RankingReport? Ranking { get; }

    /// <summary>The same metrics of ranking by training counts; null when no training data is known.</summary>
    public RankingReport? Popularity { get; }

    /// <summary>What looks wrong with the data or the model, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics
    {
        get
        {
            var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["loss"] = Loss };
            Add(metrics, "", Ranking?.All);
            Add(metrics, "excludingSeen.", Ranking?.ExcludingSeen);
            Add(metrics, "popularity.", Popularity?.All);
            Add(metrics, "popularity.excludingSeen.", Popularity?.ExcludingSeen);
            return metrics;
        }
    }

    private static void Add(SortedDictionary<string, double> metrics, string prefix, RetrievalMetrics? values)
    {
        if (values is null)
        {
            return;
        }

        foreach (var (k, value) in values.HitRate)
        {
            metrics[string.Create(CultureInfo.InvariantCulture, $"{prefix}hitRate@{k}")] = value;
        }

        foreach (var (k, value) in values.Ndcg)
        {
            metrics[string.Create(CultureInfo.InvariantCulture, $"{prefix}ndcg@{k}")] = value;
        }

        metrics[prefix + "mrr"] = values.MeanReciprocalRank;
    }
}

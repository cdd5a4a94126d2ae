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

    private protected override void Report(MetricReport report)
    {
        Add(report, "", Ranking?.All);
        Add(report, "excludingSeen", Ranking?.ExcludingSeen);
        Add(report, "popularity", Popularity?.All);
        Add(report, "popularity.excludingSeen", Popularity?.ExcludingSeen);
    }

    private static void Add(MetricReport report, string task, RetrievalMetrics? metrics)
    {
        if (metrics is not null)
        {
            report.Add(task, metrics);
        }
    }
}

namespace DotRec.Modeling;

/// <summary>A model of several tasks on held-out rows: the metrics of each.</summary>
public sealed class MultiTaskEvaluation : Evaluation
{
    private readonly TwoTowerEvaluation _retrieval;

    internal MultiTaskEvaluation(TwoTowerEvaluation retrieval, IReadOnlyDictionary<string, RankingEvaluation> heads)
        : base(retrieval.Loss, retrieval.ExampleCount) => (_retrieval, Heads) = (retrieval, heads);

    /// <inheritdoc cref="TwoTowerEvaluation.Retrieval"/>
    public RetrievalReport Retrieval => _retrieval.Retrieval;

    /// <inheritdoc cref="TwoTowerEvaluation.HasRetrieval"/>
    public bool HasRetrieval => _retrieval.HasRetrieval;

    /// <inheritdoc cref="TwoTowerEvaluation.Popularity"/>
    public RetrievalReport Popularity => _retrieval.Popularity;

    /// <inheritdoc cref="TwoTowerEvaluation.HasPopularity"/>
    public bool HasPopularity => _retrieval.HasPopularity;

    /// <summary>The metrics of each head, by its name.</summary>
    public IReadOnlyDictionary<string, RankingEvaluation> Heads { get; }

    /// <summary>What looks wrong with the data or the model, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings => _retrieval.Warnings;

    private protected override void Report(MetricReport report)
    {
        if (HasRetrieval)
        {
            report.Add(MultiTaskModel.RetrievalName, Retrieval);
        }

        if (HasPopularity)
        {
            report.Add(MultiTaskModel.PopularityName, Popularity);
        }

        foreach (var (name, head) in Heads)
        {
            head.ReportAs(name, report);
        }
    }
}

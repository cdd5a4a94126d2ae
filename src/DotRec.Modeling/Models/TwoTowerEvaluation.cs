namespace DotRec.Modeling;

/// <summary>A two-tower model on held-out rows, beside the popularity baseline.</summary>
public sealed class TwoTowerEvaluation : Evaluation
{
    private readonly RetrievalReport? _retrieval;
    private readonly RetrievalReport? _popularity;

    internal TwoTowerEvaluation(double loss, long exampleCount, RetrievalReport? retrieval, RetrievalReport? popularity, IReadOnlyList<string> warnings)
        : base(loss, exampleCount)
    {
        _retrieval = retrieval;
        _popularity = popularity;
        Warnings = warnings;
    }

    /// <summary>The model's metrics: how high it ranks the true item among the catalogue.</summary>
    /// <exception cref="InvalidOperationException">The task has no catalogue, see <see cref="HasRetrieval"/>.</exception>
    public RetrievalReport Retrieval => _retrieval ?? throw new InvalidOperationException(
        $"There are no ranks, since the task was given no catalogue: new {nameof(Modeling.Retrieval)}(new {nameof(FactorizedTopK)}(items)).");

    /// <summary>True when the task has a catalogue to rank.</summary>
    public bool HasRetrieval => _retrieval is not null;

    /// <summary>The same metrics of ranking by training counts.</summary>
    /// <exception cref="InvalidOperationException">The task has no catalogue or no training data is known, see <see cref="HasPopularity"/>.</exception>
    public RetrievalReport Popularity => _popularity ?? throw new InvalidOperationException(_retrieval is null
        ? $"Popularity is not measured, since the task was given no catalogue: new {nameof(Modeling.Retrieval)}(new {nameof(FactorizedTopK)}(items))."
        : $"It is not known how often items were had: the model was loaded, not fitted. Call {nameof(RecommenderModel.RememberTrainingData)} before the evaluation.");

    /// <summary>True when the task has a catalogue and training data is known.</summary>
    public bool HasPopularity => _popularity is not null;

    /// <summary>What looks wrong with the data or the model, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; }

    private protected override void Report(MetricReport report)
    {
        if (_retrieval is not null)
        {
            report.Add("", _retrieval);
        }

        if (_popularity is not null)
        {
            report.Add("popularity", _popularity);
        }
    }
}

namespace DotRec.Modeling;

/// <summary>A ranking model on held-out rows.</summary>
public sealed class RankingEvaluation : Evaluation
{
    internal RankingEvaluation(double loss, long exampleCount)
        : base(loss, exampleCount)
    {
    }

    /// <summary>How far predicted numbers are off; null when probabilities are predicted.</summary>
    public RatingMetrics? Rating { get; internal init; }

    /// <summary>How good predicted probabilities are; null when numbers are predicted.</summary>
    public BinaryMetrics? Binary { get; internal init; }

    /// <summary>How well the rows of each query are ordered; null when it is not said which rows are a query.</summary>
    public QueryMetrics? Queries { get; internal init; }

    /// <summary>What looks wrong with the data, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Metrics
    {
        get
        {
            var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["loss"] = Loss };
            if (Rating is { } rating)
            {
                metrics["rmse"] = rating.Rmse;
                metrics["mae"] = rating.Mae;
            }

            if (Binary is { } binary)
            {
                metrics["auc"] = binary.Auc;
                metrics["logLoss"] = binary.LogLoss;
                metrics["accuracy"] = binary.Accuracy;
                metrics["calibration"] = binary.Calibration;
            }

            if (Queries is { } queries)
            {
                foreach (var (k, value) in queries.Ndcg)
                {
                    metrics[$"ndcg@{k}"] = value;
                }

                foreach (var (k, value) in queries.Precision)
                {
                    metrics[$"precision@{k}"] = value;
                }

                metrics["ndcg"] = queries.FullNdcg;
                metrics["mrr"] = queries.ReciprocalRank;
                metrics["map"] = queries.AveragePrecision;
                metrics["groupedAuc"] = queries.Auc;
            }

            return metrics;
        }
    }
}

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

    private protected override void Report(MetricReport report)
    {
        if (Rating is { } rating)
        {
            report.Add("", rating);
        }

        if (Binary is { } binary)
        {
            report.Add("", binary);
        }

        if (Queries is { } queries)
        {
            report.Add("", queries);
        }
    }
}

namespace DotRec.Modeling;

/// <summary>A ranking model on held-out rows.</summary>
public sealed class RankingEvaluation : Evaluation
{
    internal RankingEvaluation(double loss, long exampleCount)
        : base(loss, exampleCount)
    {
    }

    /// <summary>How far predicted numbers are off.</summary>
    /// <exception cref="InvalidOperationException">The model predicts no numbers, see <see cref="HasRating"/>.</exception>
    public RatingMetrics Rating => MeasuredRating ?? throw new InvalidOperationException(
        $"The model predicts no numbers on the scale of its labels, so there is no error of them. Read {nameof(Binary)} for probabilities, {nameof(Queries)} for orders.");

    /// <summary>True when the model predicts numbers on the scale of its labels.</summary>
    public bool HasRating => MeasuredRating is not null;

    /// <summary>How good predicted probabilities are.</summary>
    /// <exception cref="InvalidOperationException">The model predicts no probabilities, see <see cref="HasBinary"/>.</exception>
    public BinaryMetrics Binary => MeasuredBinary ?? throw new InvalidOperationException(
        $"The model predicts no probabilities. Read {nameof(Rating)} for numbers, {nameof(Queries)} for orders, or train it by a cross-entropy.");

    /// <summary>True when the model predicts probabilities.</summary>
    public bool HasBinary => MeasuredBinary is not null;

    /// <summary>How well the rows of each query are ordered.</summary>
    /// <exception cref="InvalidOperationException">It is not said which rows are a query, see <see cref="HasQueries"/>.</exception>
    public QueryMetrics Queries => MeasuredQueries ?? throw new InvalidOperationException(
        $"It is not said which rows are a query. Set {nameof(RankingModel)}.{nameof(RankingModel.QueryIdColumn)}.");

    /// <summary>True when it is said which rows are a query.</summary>
    public bool HasQueries => MeasuredQueries is not null;

    /// <summary>What looks wrong with the data, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    internal RatingMetrics? MeasuredRating { get; init; }

    internal BinaryMetrics? MeasuredBinary { get; init; }

    internal QueryMetrics? MeasuredQueries { get; init; }

    private protected override void Report(MetricReport report) => ReportAs("", report);

    /// <summary>Adds the figures under the name of a task.</summary>
    internal void ReportAs(string task, MetricReport report)
    {
        if (MeasuredRating is { } rating)
        {
            report.Add(task, rating);
        }

        if (MeasuredBinary is { } binary)
        {
            report.Add(task, binary);
        }

        if (MeasuredQueries is { } queries)
        {
            report.Add(task, queries);
        }
    }
}

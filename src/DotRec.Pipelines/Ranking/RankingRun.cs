using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One ranking model: trained, and measured beside its baselines.</summary>
/// <param name="Seed">Decides the split, the first weights and the order of the rows.</param>
/// <param name="Model">The trained model.</param>
/// <param name="Train">What it was trained on.</param>
/// <param name="Held">What it was measured on.</param>
/// <param name="Fit">How training went.</param>
/// <param name="Validation">The model on the rows that training was stopped by.</param>
/// <param name="Test">The model on the test rows.</param>
/// <param name="Constant">The mean label on the test rows.</param>
/// <param name="Regression">Logistic or linear regression on the test rows; null where it is the model itself.</param>
internal sealed record RankingRun(
    ulong Seed, RankingModel Model, FeatureBatch Train, FeatureBatch Held, FitResult Fit, RankingEvaluation Validation, RankingEvaluation Test, ConstantBaseline Constant, RankingEvaluation? Regression)
{
    /// <summary>Rows of the test that are rows of the training too.</summary>
    public required int RepeatedTestRows { get; init; }
}

/// <summary>A constant prediction, measured.</summary>
/// <param name="Binary">Where labels are classes.</param>
/// <param name="Rating">Where labels are numbers.</param>
internal sealed record ConstantBaseline(BinaryMetrics? Binary, RatingMetrics? Rating);

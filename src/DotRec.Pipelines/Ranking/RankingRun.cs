using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One ranking model: trained, and measured beside its baselines.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Split">What it was trained, stopped and measured on.</param>
/// <param name="Fit">How training went.</param>
/// <param name="Validation">The model on the rows that training was stopped by.</param>
/// <param name="Test">The model on the test rows.</param>
/// <param name="Constant">The mean label on the test rows.</param>
/// <param name="Regression">Logistic or linear regression on the test rows; null where it is the model itself.</param>
/// <param name="RepeatedTestRows">Rows of the test that are rows of the training too.</param>
internal sealed record RankingRun(
    RankingModel Model, PipelineSplit Split, FitResult Fit, RankingEvaluation Validation, RankingEvaluation Test, ConstantBaseline Constant, RankingEvaluation? Regression, int RepeatedTestRows);

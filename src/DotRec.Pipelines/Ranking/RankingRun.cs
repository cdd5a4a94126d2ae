using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One ranking model: trained, and measured beside its baselines.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Split">What it was trained, stopped and measured on.</param>
/// <param name="Fit">How training went.</param>
/// <param name="LabelMean">The mean label of the rows that were not held out for the test.</param>
/// <param name="Validation">The model on the rows that training was stopped by.</param>
internal sealed record RankingRun(RankingModel Model, PipelineSplit Split, FitResult Fit, double LabelMean, RankingEvaluation Validation)
{
    /// <summary>The model on the test rows; null where there are none.</summary>
    public RankingEvaluation? Test { get; init; }

    /// <summary>The mean label on the test rows; null where there are none.</summary>
    public ConstantBaseline? Constant { get; init; }

    /// <summary>Logistic or linear regression on the test rows; null where it is the model itself, or was not measured.</summary>
    public RankingEvaluation? Regression { get; init; }

    /// <summary>Rows of the test that are rows of the training too.</summary>
    public int RepeatedTestRows { get; init; }
}

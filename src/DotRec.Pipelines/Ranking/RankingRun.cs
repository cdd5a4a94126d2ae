using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One ranking model: trained, and measured beside its baselines.</summary>
/// <param name="Trial">The model without the validation rows: what it was chosen and stopped by.</param>
/// <param name="Split">What the model was trained, stopped and measured on.</param>
/// <param name="Model">The model trained on all rows; that of the trial where training was stopped before.</param>
/// <param name="Fit">How its training went.</param>
/// <param name="LabelMean">The mean label of the rows that were not held out for the test.</param>
internal sealed record RankingRun(RankingTrial Trial, PipelineSplit Split, RankingModel Model, FitResult Fit, double LabelMean)
{
    /// <summary>What was compared, and why this model was chosen; null where the settings name it.</summary>
    public ModelSelection? Selection { get; init; }

    /// <summary>The model on the test rows; null where there are none.</summary>
    public RankingEvaluation? Test { get; init; }

    /// <summary>The mean label on the test rows; null where there are none.</summary>
    public ConstantBaseline? Constant { get; init; }

    /// <summary>Logistic or linear regression on the test rows; null where it is the model itself, or was not measured.</summary>
    public RankingEvaluation? Regression { get; init; }

    /// <summary>Rows of the test that are rows of the training too.</summary>
    public int RepeatedTestRows { get; init; }
}

using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One model on one split: trained, evaluated, and measured against the baselines.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Split">What it was trained and measured on.</param>
/// <param name="EpochChoice">The fit that told how many epochs are best; null where the number was given.</param>
/// <param name="Fit">How the training of the model went.</param>
/// <param name="Exclusion">Whether recommendations leave out what a query has had.</param>
internal sealed record RetrievalRun(TwoTowerModel Model, PipelineSplit Split, FitResult? EpochChoice, FitResult Fit, SeenExclusion Exclusion)
{
    /// <summary>Rows of a test table that are training rows too; 0 where the test rows were held out.</summary>
    public int RepeatedTestRows { get; init; }

    /// <summary>The test rows that were measured on; null where there are none.</summary>
    public FeatureBatch? Measured { get; init; }

    /// <summary>The model and popularity on these rows; null where there are none.</summary>
    public TwoTowerEvaluation? Evaluation { get; init; }

    /// <summary>EASE on these rows; null where it was not measured.</summary>
    public RetrievalReport? Ease { get; init; }
}

using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One model on one split: chosen, trained, and measured beside simple ones.</summary>
/// <param name="Fit">The trained model.</param>
/// <param name="Split">What it was trained and measured on.</param>
/// <param name="Exclusion">Whether recommendations leave out what a query has had.</param>
internal sealed record RetrievalRun(RetrievalFit Fit, PipelineSplit Split, SeenExclusion Exclusion)
{
    /// <summary>What was compared to choose it; null where nothing was.</summary>
    public ModelSelection? Selection { get; init; }

    /// <summary>Rows of a test table that are training rows too; 0 where the test rows were held out.</summary>
    public int RepeatedTestRows { get; init; }

    /// <summary>The test rows that were measured on; null where there are none.</summary>
    public FeatureBatch? Measured { get; init; }

    /// <summary>The model and simple ones on these rows; null where there are none.</summary>
    public RetrievalEvaluation? Evaluation { get; init; }

    /// <summary>What is new to the model on these rows; null unless items or queries as a whole were held out.</summary>
    public ColdStartEvaluation? ColdStart { get; init; }

    /// <summary>EASE on these rows; null where it was not measured.</summary>
    public RetrievalReport? Ease { get; init; }
}

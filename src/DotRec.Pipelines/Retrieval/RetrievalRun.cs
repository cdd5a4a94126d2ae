using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One model on one split: trained, evaluated, and measured against the baselines.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Split">What it was trained and measured on.</param>
/// <param name="Fit">How training went.</param>
/// <param name="Evaluation">The model and popularity on the test rows.</param>
/// <param name="Ease">EASE on the test rows; null where the catalogue is too large for it.</param>
internal sealed record RetrievalRun(TwoTowerModel Model, PipelineSplit Split, FitResult Fit, TwoTowerEvaluation Evaluation, RetrievalReport? Ease);

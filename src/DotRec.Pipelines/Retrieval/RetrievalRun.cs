using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One model on one split: trained, evaluated, and measured against the baselines.</summary>
/// <param name="Seed">Decides the split, the first weights and the order of the rows.</param>
/// <param name="Model">The trained model.</param>
/// <param name="Train">What it was trained on.</param>
/// <param name="Fit">How training went.</param>
/// <param name="Evaluation">The model and popularity on the test rows.</param>
/// <param name="Ease">EASE on the test rows; null where the catalogue is too large for it.</param>
internal sealed record RetrievalRun(ulong Seed, TwoTowerModel Model, FeatureBatch Train, FitResult Fit, TwoTowerEvaluation Evaluation, RetrievalReport? Ease);

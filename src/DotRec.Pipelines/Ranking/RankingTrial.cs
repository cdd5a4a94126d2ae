using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A ranking model trained without the validation rows, and how it does on them.</summary>
/// <param name="Settings">How it was made and trained; nothing is left open.</param>
/// <param name="Model">The trained model.</param>
/// <param name="Fit">How training went.</param>
/// <param name="Validation">The model on the validation rows.</param>
internal sealed record RankingTrial(RankingSettings Settings, RankingModel Model, FitResult Fit, RankingEvaluation Validation);

namespace DotRec.Modeling;

/// <summary>How much worse a metric gets without a feature.</summary>
/// <param name="Mean">Mean over the repeats; positive when predictions get worse, whichever way the metric counts.</param>
/// <param name="StandardDeviation">Sample standard deviation over the repeats; 0 for one.</param>
public readonly record struct ImportanceScore(double Mean, double StandardDeviation);

/// <summary>What a feature is worth to a model.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Scores">One for each metric, in their order.</param>
public sealed record FeatureImportance(FeatureGroup Feature, IReadOnlyList<ImportanceScore> Scores);

using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A constant prediction, measured: what a model must beat to have learned anything.</summary>
/// <param name="Binary">Where labels are classes; else null.</param>
/// <param name="Rating">Where labels are numbers; else null.</param>
public sealed record ConstantBaseline(BinaryMetrics? Binary, RatingMetrics? Rating);

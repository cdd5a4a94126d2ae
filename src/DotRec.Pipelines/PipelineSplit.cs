using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows a pipeline trained on, stopped by and measured on.</summary>
/// <param name="Train">Rows that weights were learned from.</param>
/// <param name="Validation">Rows that training was stopped by; null where all epochs were run.</param>
/// <param name="Test">Rows that neither weights nor the number of epochs were chosen by.</param>
public sealed record PipelineSplit(FeatureBatch Train, FeatureBatch? Validation, FeatureBatch Test);

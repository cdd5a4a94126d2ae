using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A constant prediction, measured: what a model must beat to have learned anything.</summary>
/// <param name="Binary">Where labels are classes; else null.</param>
/// <param name="Rating">Where labels are numbers; else null.</param>
public sealed record ConstantBaseline(BinaryMetrics? Binary, RatingMetrics? Rating)
{
    /// <summary>What predicting the mean label of the training rows for every row gives.</summary>
    internal static ConstantBaseline Of(double mean, ReadOnlySpan<float> labels, bool isBinary)
    {
        var predictions = new float[labels.Length];
        predictions.AsSpan().Fill((float)mean);
        return isBinary ? new ConstantBaseline(BinaryMetrics.Of(predictions, labels), Rating: null) : new ConstantBaseline(Binary: null, RatingMetrics.Of(predictions, labels));
    }
}

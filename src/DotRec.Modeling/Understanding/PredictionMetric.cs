namespace DotRec.Modeling;

/// <summary>How good predictions for known rows are.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="HigherIsBetter">False for errors and losses.</param>
/// <param name="Of">The metric of predictions, one a row.</param>
public sealed record PredictionMetric(string Name, bool HigherIsBetter, Func<float[], double> Of)
{
    /// <summary><see cref="BinaryMetrics.Auc"/>.</summary>
    /// <param name="labels">0 or 1, one a row.</param>
    public static PredictionMetric Auc(float[] labels) => new("AUC", HigherIsBetter: true, predictions => BinaryMetrics.Of(predictions, labels).Auc);

    /// <summary><see cref="BinaryMetrics.LogLoss"/>.</summary>
    /// <inheritdoc cref="Auc"/>
    public static PredictionMetric LogLoss(float[] labels) => new("log loss", HigherIsBetter: false, predictions => BinaryMetrics.Of(predictions, labels).LogLoss);

    /// <summary><see cref="RatingMetrics.Rmse"/>.</summary>
    /// <param name="labels">One a row.</param>
    public static PredictionMetric Rmse(float[] labels) => new("RMSE", HigherIsBetter: false, predictions => RatingMetrics.Of(predictions, labels).Rmse);

    /// <summary><see cref="RatingMetrics.Mae"/>.</summary>
    /// <inheritdoc cref="Rmse"/>
    public static PredictionMetric Mae(float[] labels) => new("MAE", HigherIsBetter: false, predictions => RatingMetrics.Of(predictions, labels).Mae);
}

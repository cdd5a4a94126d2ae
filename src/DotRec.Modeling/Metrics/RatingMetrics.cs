namespace DotRec.Modeling;

/// <summary>How far predicted numbers, such as ratings, are from the true ones. Every mean is weighted by the sample weights.</summary>
/// <param name="Rmse">Root of the mean squared error. Predictions count as they are, outside the scale of the labels too.</param>
/// <param name="Mae">Mean absolute error.</param>
/// <param name="PredictionMean">Mean prediction.</param>
/// <param name="LabelMean">Mean label.</param>
public sealed record RatingMetrics(double Rmse, double Mae, double PredictionMean, double LabelMean)
{
    /// <summary>Compares predictions with labels.</summary>
    /// <param name="predictions">One a row.</param>
    /// <param name="labels">One a row.</param>
    /// <param name="weights">One a row, or none.</param>
    /// <exception cref="ArgumentException">There is no row of positive weight, the lengths differ, or a weight is negative.</exception>
    public static RatingMetrics Of(ReadOnlySpan<float> predictions, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        var total = TotalWeight(predictions, labels, weights);
        double squares = 0, absolutes = 0, predicted = 0, labelled = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var weight = (weights.IsEmpty ? 1 : weights[i]) / total;
            var error = (double)predictions[i] - labels[i];
            squares += weight * error * error;
            absolutes += weight * Math.Abs(error);
            predicted += weight * predictions[i];
            labelled += weight * labels[i];
        }

        return new RatingMetrics(Math.Sqrt(squares), absolutes, predicted, labelled);
    }

    internal static double TotalWeight(ReadOnlySpan<float> predictions, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        if (predictions.Length != labels.Length)
        {
            throw new ArgumentException($"There are {predictions.Length} predictions for {labels.Length} labels. Give one each.", nameof(predictions));
        }

        SampleWeights.Check(weights, labels.Length, "examples");
        double total = weights.IsEmpty ? labels.Length : 0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        return total > 0 ? total : throw new ArgumentException("There is no example of positive weight to evaluate on.", nameof(labels));
    }
}

namespace DotRec.Modeling;

/// <summary>How good predicted probabilities, such as of a click, are for labels 0 and 1. Every mean is weighted by the sample weights.</summary>
/// <param name="Auc">
/// Chance that a positive example scores above a negative one, equal scores counting half; exact, not binned. NaN unless there are both.
/// </param>
/// <param name="LogLoss">Mean cross-entropy, probabilities clipped to 1e-7 … 1 − 1e-7.</param>
/// <param name="Accuracy">Share of examples on the right side of 0.5; 0.5 itself counts as 0, as in Keras.</param>
/// <param name="PredictionMean">Mean probability.</param>
/// <param name="LabelMean">Share of positives.</param>
public sealed record BinaryMetrics(double Auc, double LogLoss, double Accuracy, double PredictionMean, double LabelMean)
{
    private const double Clip = 1e-7;

    /// <summary>Mean probability over the share of positives: 1 when predictions are right on average, above 1 when too high.</summary>
    public double Calibration => PredictionMean / LabelMean;

    /// <summary>Compares probabilities with labels.</summary>
    /// <param name="probabilities">One a row, in 0 … 1.</param>
    /// <param name="labels">One a row, 0 or 1.</param>
    /// <param name="weights">One a row, or none.</param>
    /// <exception cref="ArgumentException">
    /// There is no row of positive weight, the lengths differ, a weight is negative, a probability lies outside 0 … 1 or a label is another.
    /// </exception>
    public static BinaryMetrics Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        var total = RatingMetrics.TotalWeight(probabilities, labels, weights);
        double loss = 0, right = 0, predicted = 0, positive = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not (0 or 1) || probabilities[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"Row {i} has probability {probabilities[i]} and label {labels[i]}; probabilities lie in 0 … 1 and labels are 0 or 1. Pass logits through a sigmoid first.");
            }

            var weight = (weights.IsEmpty ? 1 : weights[i]) / total;
            var p = Math.Clamp((double)probabilities[i], Clip, 1 - Clip);
            loss -= weight * Math.Log(labels[i] == 1 ? p : 1 - p);
            right += probabilities[i] > 0.5f == (labels[i] == 1) ? weight : 0;
            predicted += weight * probabilities[i];
            positive += weight * labels[i];
        }

        return new BinaryMetrics(AreaUnderCurve(probabilities, labels, weights), loss, right, predicted, positive);
    }

    private static double AreaUnderCurve(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var keys = scores.ToArray();
        Array.Sort(keys, order);
        double pairs = 0, negatives = 0, positives = 0;
        for (var start = 0; start < order.Length;)
        {
            double tiedNegatives = 0, tiedPositives = 0;
            var end = start;
            for (; end < order.Length && keys[end] == keys[start]; end++)
            {
                var weight = weights.IsEmpty ? 1 : weights[order[end]];
                tiedPositives += labels[order[end]] == 1 ? weight : 0;
                tiedNegatives += labels[order[end]] == 1 ? 0 : weight;
            }

            pairs += tiedPositives * (negatives + (tiedNegatives / 2));
            negatives += tiedNegatives;
            positives += tiedPositives;
            start = end;
        }

        return pairs / (negatives * positives);
    }
}

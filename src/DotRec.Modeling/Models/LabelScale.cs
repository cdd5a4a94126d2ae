using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// How labels that are numbers lie: their mean and deviation. A network that predicts (label − mean) / deviation starts at the mean and has weights of the
/// usual size, whatever the labels are: prices of a million, seconds since 1970, ratings between 3.1 and 3.2. For probabilities it is the logit that a network starts at.
/// </summary>
/// <param name="Mean">What a prediction of 0 stands for.</param>
/// <param name="Deviation">What a prediction of 1 lies above it.</param>
public sealed record LabelScale(double Mean, double Deviation)
{
    /// <summary>Labels as they are.</summary>
    public static LabelScale None { get; } = new(0, 1);

    /// <summary>The scale of a column of labels; the deviation of equal ones is 1.</summary>
    /// <exception cref="ArgumentException">The column has no numbers.</exception>
    public static LabelScale Of(Column labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var numbers = ((Column<double>)labels.ConvertTo(ColumnType.Float64)).Values.ToArray();
        if (numbers.Length == 0 || !Array.TrueForAll(numbers, double.IsFinite))
        {
            throw new ArgumentException($"Column '{labels.Schema}' has no scale: it needs at least one label, and finite ones only.", nameof(labels));
        }

        // Distances from the first label: sums of large labels that lie close together would lose what tells them apart.
        var mean = numbers[0] + numbers.Average(number => number - numbers[0]);
        var variance = numbers.Average(number => (number - mean) * (number - mean));
        return new LabelScale(mean, variance > 0 ? Math.Sqrt(variance) : 1);
    }

    /// <summary>
    /// Where a model of probabilities starts: the logit of the mean of labels 0 and 1, and a deviation of 1. The network then learns what rows differ by, not
    /// first that few of them are positive.
    /// </summary>
    /// <exception cref="ArgumentException">The column has no labels, or one that is not in 0 … 1.</exception>
    public static LabelScale OfProbability(Column labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var numbers = ((Column<double>)labels.ConvertTo(ColumnType.Float64)).Values.ToArray();
        if (numbers.Length == 0 || !Array.TrueForAll(numbers, number => number is >= 0 and <= 1))
        {
            throw new ArgumentException($"Column '{labels.Schema}' has no mean probability: it needs at least one label, and labels in 0 … 1 only.", nameof(labels));
        }

        // Half a label more of each kind: the logit of 0 and 1 is infinite.
        var positive = (numbers.Sum() + 0.5) / (numbers.Length + 1);
        return new LabelScale(Math.Log(positive / (1 - positive)), 1);
    }

    /// <summary>Labels as the network learns them.</summary>
    internal float[] Scaled(float[] labels) => this == None ? labels : Array.ConvertAll(labels, label => (float)((label - Mean) / Deviation));

    /// <summary>Predictions of the network as labels, in place.</summary>
    internal void Restore(Span<float> predictions)
    {
        for (var i = 0; this != None && i < predictions.Length; i++)
        {
            predictions[i] = (float)((predictions[i] * Deviation) + Mean);
        }
    }
}

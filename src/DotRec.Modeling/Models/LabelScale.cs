using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// How labels that are numbers lie: their mean and deviation. A network that predicts (label − mean) / deviation starts at the mean and has weights of the
/// usual size, whatever the labels are: prices of a million, seconds since 1970, ratings between 3.1 and 3.2.
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

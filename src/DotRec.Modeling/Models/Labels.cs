using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>The labels of a ranking model, out of its label column.</summary>
internal static class Labels
{
    /// <param name="data">Rows.</param>
    /// <param name="column">Name of the column: numbers, or texts that say true or false.</param>
    /// <param name="task">Cross-entropies take labels in 0 … 1, losses of lists 0 or more, the squared error any.</param>
    /// <exception cref="ArgumentException">A label is none; the message names its row.</exception>
    public static float[] Of(FeatureBatch data, string column, Ranking task)
    {
        var labels = data[column] switch
        {
            Column<float> { Schema.IsJagged: false } numbers => numbers.Values.ToArray(),
            Column<double> { Schema.IsJagged: false } numbers => Array.ConvertAll(numbers.Values.ToArray(), value => (float)value),
            Column<long> { Schema.IsJagged: false } integers => Array.ConvertAll(integers.Values.ToArray(), value => (float)value),
            Column<string> { Schema.IsJagged: false } texts => [.. Enumerable.Range(0, texts.RowCount).Select(row => TruthOf(texts, row))],
            var other => throw new ArgumentException($"The label column is '{other.Schema}'; labels are one value a row: numbers, or the texts true and false.", nameof(data)),
        };
        for (var row = 0; row < labels.Length; row++)
        {
            if (!float.IsFinite(labels[row]))
            {
                throw new ArgumentException($"Row {row} has the label {labels[row]} in column '{column}'; labels are finite. Leave the row out.", nameof(data));
            }

            if (task.RefusalOf(labels[row]) is { } refusal)
            {
                throw new ArgumentException(
                    $"Row {row} has the label {labels[row]} in column '{column}'; {refusal}. Map the labels, or train by another loss, such as PointwiseLoss.SquaredError for ratings.",
                    nameof(data));
            }
        }

        return labels;
    }

    /// <summary>What metrics of probabilities need beyond what training does.</summary>
    /// <exception cref="ArgumentException">A label lies between 0 and 1.</exception>
    public static float[] Binary(float[] labels, string column)
    {
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] is not (0 or 1))
            {
                throw new ArgumentException(
                    $"Row {row} has the label {labels[row]} in column '{column}'; training takes labels between 0 and 1, but AUC and accuracy need 0 or 1. Round the labels of the rows to evaluate on.");
            }
        }

        return labels;
    }

    private static float TruthOf(Column<string> texts, int row) => texts.Values[row].Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => 1,
        "FALSE" or "NO" or "0" => 0,
        _ => throw new ArgumentException(
            $"Row {row} has the label '{texts.Values[row]}' in column '{texts.Name}'; labels that are texts say true or false (yes or no, 1 or 0). Make a column of 0 and 1 of it."),
    };
}

using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>Columns that belong together and are explained as one, such as a city's name and its coordinates.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Columns">The raw columns, one or more.</param>
public sealed record FeatureGroup(string Name, params IReadOnlyList<string> Columns)
{
    /// <summary>A group for each column, under its name.</summary>
    public static IReadOnlyList<FeatureGroup> Each(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return [.. columns.Select(column => new FeatureGroup(column, column))];
    }

    internal static void Check(IReadOnlyList<FeatureGroup> groups, FeatureBatch data)
    {
        if (groups.Count == 0)
        {
            throw new ArgumentException("Give at least one feature to explain.", nameof(groups));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in groups)
        {
            if (group.Columns.Count == 0)
            {
                throw new ArgumentException($"Feature '{group.Name}' has no columns.", nameof(groups));
            }

            foreach (var column in group.Columns)
            {
                _ = data[column];
                if (!seen.Add(column))
                {
                    throw new ArgumentException($"Column '{column}' is named twice; a column belongs to one feature.", nameof(groups));
                }
            }
        }
    }

    /// <summary>The predictions, checked: one for every row, finite.</summary>
    internal static float[] Checked(float[] predictions, int rows)
    {
        if (predictions.Length != rows)
        {
            throw new InvalidOperationException($"The model gave {predictions.Length} predictions for {rows} rows; one each was expected.");
        }

        var row = Array.FindIndex(predictions, prediction => !float.IsFinite(prediction));
        return row < 0 ? predictions : throw new InvalidOperationException($"The model's prediction for row {row} is {predictions[row]}; a finite number was expected.");
    }
}

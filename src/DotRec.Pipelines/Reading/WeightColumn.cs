using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>A column of sample weights, such as dwell times or ratings: how much the loss of each row counts.</summary>
internal static class WeightColumn
{
    /// <summary>The table with the column as weights, divided by their mean: what they are measured in does not change how strongly a model is held.</summary>
    /// <param name="data">The rows as they were read.</param>
    /// <param name="name">The column.</param>
    /// <param name="file">What the rows are called.</param>
    /// <exception cref="ArgumentException">There is no such column, it holds no numbers, a weight is negative or missing, or all are 0.</exception>
    public static FeatureBatch Of(FeatureBatch data, string name, string file)
    {
        if (!data.TryGet(name, out var column))
        {
            throw InvalidOption.Named("Weight", $"{file} has no column '{name}' of weights. Its columns are: {string.Join(", ", data.Schema)}.");
        }

        if (column.Schema is not { IsJagged: false, Type: not ColumnType.String })
        {
            throw InvalidOption.Named("Weight", $"Column '{column.Schema}' of {file} cannot hold weights: they are numbers from 0 on, such as seconds or ratings, and no dates, texts or lists.");
        }

        var weights = ((Column<double>)column.ConvertTo(ColumnType.Float64)).Values.ToArray();
        var wrong = Array.FindIndex(weights, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (wrong >= 0)
        {
            var what = double.IsNaN(weights[wrong]) ? "no weight" : FormattableString.Invariant($"the weight {weights[wrong]}");
            throw new InvalidDataException(
                $"{file}: row {wrong + 1} (line {wrong + 2} of a file whose first line is of names) has {what} in column '{name}'; a number from 0 on was expected. Correct it, or leave the row out.");
        }

        var mean = weights.Length == 0 ? 1 : weights.Average();
        return mean > 0
            ? data.With(new Column<float>(name, Array.ConvertAll(weights, weight => (float)(weight / mean))))
            : throw InvalidOption.Named("Weight", $"Column '{name}' of {file} is 0 in every row: nothing would be learned.");
    }

    /// <summary>Rows to choose a model by, which count as the training rows do; once each where all of them weigh nothing.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The column of weights; null for none.</param>
    public static FeatureBatch OfValidation(FeatureBatch rows, string? name) =>
        name is not null && rows.Get<float>(name).Values.IndexOfAnyExcept(0f) < 0 ? Equal(rows, name) : rows;

    /// <summary>Rows to measure on, each of which counts once: so that figures compare with those of models without weights.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="name">The column of weights; null for none.</param>
    public static FeatureBatch Equal(FeatureBatch rows, string? name) => name is null ? rows : rows.With(new Column<float>(name, [.. Enumerable.Repeat(1f, rows.RowCount)]));
}

using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Makes ranking data of the user's tables.</summary>
internal static class RankingTable
{
    /// <summary>Says what the features are: as the user has it, or by a look at the rows.</summary>
    /// <exception cref="ArgumentException">There are no rows, or a column cannot be what the user says it is.</exception>
    public static IReadOnlyList<RankingColumn> Columns(string file, FeatureBatch rows, IReadOnlyList<string> features, IReadOnlyDictionary<string, FeatureKind> kinds)
    {
        if (rows.RowCount == 0)
        {
            throw new ArgumentException($"{file} has no rows.");
        }

        foreach (var (name, _) in kinds.Where(kind => !features.Contains(kind.Key, StringComparer.Ordinal)))
        {
            throw new ArgumentException($"Column '{name}' is said to be something but is not a feature. The features are: {string.Join(", ", features)}.");
        }

        return ColumnInference.Infer(rows, features, kinds);
    }

    /// <summary>
    /// The types to read test rows with: those of the training rows, for another guess would make other categories of the same values; but whole numbers
    /// are floats, since one may be missing here that never was there.
    /// </summary>
    public static ColumnSchema[] TestTypes(FeatureBatch rows, IEnumerable<RankingColumn> columns, string label) =>
        [.. columns.Select(column => ColumnInference.Convert(rows[column.Name], column.Kind).Schema), rows[label].Schema];

    /// <summary>Says what the label is, leaves constant columns out, and codes the label.</summary>
    /// <exception cref="ArgumentException">There is nothing to learn, or nothing to learn it from.</exception>
    public static RankingData Prepare(string file, FeatureBatch rows, IReadOnlyList<RankingColumn> columns, FeatureBatch? test, string label, string? positive, string loss, PipelineNotes notes)
    {
        if (test?.RowCount == 0)
        {
            throw new ArgumentException("The table of test rows has no rows.");
        }

        var coding = LabelCoding.Infer(rows[label], positive, loss);
        foreach (var column in columns.Where(column => column.Kind == FeatureKind.Number))
        {
            RankerTable.RequireFinite(rows[column.Name], file);
        }

        var constant = columns.Where(column => IsConstant(column, rows.RowCount)).Select(column => column.Name).ToArray();
        columns = [.. columns.Where(column => !IsConstant(column, rows.RowCount))];
        if (constant.Length > 0)
        {
            notes.Warn($"left out, for every row has the same there: {string.Join(", ", constant)}.");
        }

        return columns.Count > 0
            ? new RankingData(file, RankingData.Coded(rows, columns, coding, file), test is null ? null : RankingData.Coded(test, columns, coding, "the test table"), columns, coding)
            : throw new ArgumentException($"No feature of {file} varies: there is nothing to predict '{label}' from.");
    }

    private static bool IsConstant(RankingColumn column, int rows) => column.Distinct == 0 || (column.Distinct == 1 && column.Missing == 0 && column.Kind != FeatureKind.List && rows > 0);
}

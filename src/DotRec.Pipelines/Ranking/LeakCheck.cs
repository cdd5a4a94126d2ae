using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Looks for features that tell the label: in service they would not be known, or would not be so.</summary>
internal static class LeakCheck
{
    // Groups of fewer rows than this on average are pure by chance, as those of any id.
    private const int RowsPerValue = 10;

    /// <summary>A warning for each column whose value, or whether it has one, decides the label of every row.</summary>
    public static IEnumerable<string> Warnings(FeatureBatch data, IEnumerable<RankingColumn> columns, Column<float> labels)
    {
        foreach (var column in columns.Where(column => !data[column.Name].Schema.IsJagged))
        {
            if (column.Missing > 0 && column.Missing < data.RowCount && Decides(data[column.Name], labels, HasValue))
            {
                yield return $"whether column '{column.Name}' has a value tells the label of every row. If it is only known after the label is, leave it out.";
            }
            else if (column.Distinct > 1 && column.Distinct * RowsPerValue <= data.RowCount && Decides(data[column.Name], labels, ListField.Join))
            {
                yield return $"column '{column.Name}' tells the label of every row. If it is the label by another name, leave it out.";
            }
        }
    }

    private static string HasValue(Column column, int row) => ListField.Join(column, row) is "" or "NaN" ? "" : "1";

    private static bool Decides(Column column, Column<float> labels, Func<Column, int, string> key)
    {
        var labelOf = new Dictionary<string, float>(StringComparer.Ordinal);
        for (var row = 0; row < column.RowCount; row++)
        {
            var label = labels.Values[row];
            if (!labelOf.TryAdd(key(column, row), label) && labelOf[key(column, row)] != label)
            {
                return false;
            }
        }

        return true;
    }
}

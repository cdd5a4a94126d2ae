using DotRec.Data;

namespace DotRec.Serving;

/// <summary>An item column of lists as a plain Parquet file: a row for each value, with the row of its item. An item without a row has an empty list.</summary>
internal static class ListColumnFile
{
    private const string ItemRowColumn = "item_row";
    private const string ValueColumn = "value";

    public static void Write(string path, Column column)
    {
        Array values = column switch
        {
            Column<string> lists => lists.Values.ToArray(),
            Column<long> lists => lists.Values.ToArray(),
            Column<double> lists => lists.Values.ToArray(),
            _ => ((Column<float>)column).Values.ToArray(),
        };
        var rows = new int[values.Length];
        var start = 0;
        for (var row = 0; row < column.RowCount; row++)
        {
            var length = ((Array)column.ValueOf(row)).Length;
            rows.AsSpan(start, length).Fill(row);
            start += length;
        }

        ColumnFile.Write(path, [(ItemRowColumn, rows), (ValueColumn, values)]);
    }

    /// <exception cref="BundleException">The file is not one that <see cref="Write"/> wrote for that many items.</exception>
    public static ItemColumn Read(string path, string name, int itemCount)
    {
        var columns = ColumnFile.Read(path, [ItemRowColumn, ValueColumn]);
        if (columns[0] is not int[] rows || !AreSorted(rows, itemCount))
        {
            throw new BundleException($"{path}: column '{ItemRowColumn}' is not a rising list of rows of an index of {itemCount} items. The file is damaged or belongs to another bundle.");
        }

        return columns[1] switch
        {
            string?[] texts when Array.IndexOf(texts, null) < 0 => ItemColumn.From(Lists<string>(name, rows, texts!, itemCount)),
            long[] integers => ItemColumn.From(Lists(name, rows, integers, itemCount)),
            double[] numbers => ItemColumn.From(Lists(name, rows, numbers, itemCount)),
            float[] numbers => ItemColumn.From(Lists(name, rows, numbers, itemCount)),
            _ => throw new BundleException($"{path}: column '{ValueColumn}' holds {columns[1].GetType().GetElementType()!.Name} values, or missing ones; String, Int64 or Single was expected."),
        };
    }

    private static Column<T> Lists<T>(string name, int[] rows, T[] values, int itemCount)
        where T : notnull
    {
        var offsets = new int[itemCount + 1];
        var start = 0;
        for (var row = 0; row < itemCount; row++)
        {
            while (start < rows.Length && rows[start] == row)
            {
                start++;
            }

            offsets[row + 1] = start;
        }

        return new Column<T>(name, values, offsets);
    }

    private static bool AreSorted(int[] rows, int itemCount)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < (i == 0 ? 0 : rows[i - 1]) || rows[i] >= itemCount)
            {
                return false;
            }
        }

        return true;
    }
}

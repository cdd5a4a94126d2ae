using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Lists that a file holds as one text, written a|b|c.</summary>
internal static class ListField
{
    private const char Delimiter = '|';

    /// <summary>The parts of a text; an empty text is an empty list.</summary>
    public static string[] Parts(string text) => text.Length == 0 ? [] : text.Split(Delimiter);

    /// <summary>A list of texts for each row; columns that hold lists already are left as they are.</summary>
    public static Column Split(Column column)
    {
        if (column.Schema.IsJagged)
        {
            return column;
        }

        var (values, offsets) = (new List<string>(), new int[column.RowCount + 1]);
        for (var row = 0; row < column.RowCount; row++)
        {
            values.AddRange(Parts(Join(column, row)));
            offsets[row + 1] = values.Count;
        }

        return new Column<string>(column.Name, [.. values], offsets);
    }

    /// <summary>The values of a row as one text.</summary>
    public static string Join(Column column, int row) => column switch
    {
        Column<string> texts => string.Join(Delimiter, texts.Row(row).ToArray()),
        Column<long> integers => string.Join(Delimiter, integers.Row(row).ToArray()),
        Column<float> numbers => string.Join(Delimiter, numbers.Row(row).ToArray()),
        Column<double> numbers => string.Join(Delimiter, numbers.Row(row).ToArray()),
        _ => "",
    };
}

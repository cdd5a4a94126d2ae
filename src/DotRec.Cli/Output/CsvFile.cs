using System.Buffers;
using System.Text;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Writes a table as CSV (RFC 4180, UTF-8, a header line): numbers culture invariant, a missing one empty, lists as a|b|c.</summary>
internal static class CsvFile
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes to a temporary sibling and renames it, so that a reader never sees half a file.</summary>
    public static async Task WriteAsync(FeatureBatch data, string path, CancellationToken cancellation)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                var line = new StringBuilder();
                await writer.WriteLineAsync(Line(line, data.Columns.Select(column => column.Name)), cancellation);
                for (var row = 0; row < data.RowCount; row++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    await writer.WriteLineAsync(Line(line, data.Columns.Select(column => Field(column, row))), cancellation);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static StringBuilder Line(StringBuilder line, IEnumerable<string> fields)
    {
        line.Clear();
        foreach (var field in fields)
        {
            line.Append(line.Length == 0 ? "" : ",");
            // An empty line would be passed over, and with it its row: an only field is quoted when it is empty.
            line.Append(field.Length == 0 && line.Length == 0 ? "\"\"" : field.AsSpan().ContainsAny(Special) ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field);
        }

        return line;
    }

    private static string Field(Column column, int row) => column switch
    {
        Column<float> { Schema.IsJagged: false } numbers => float.IsNaN(numbers.Values[row]) ? "" : FormattableString.Invariant($"{numbers.Values[row]}"),
        Column<long> { Schema.IsJagged: false } integers => FormattableString.Invariant($"{integers.Values[row]}"),
        _ => ListField.Join(column, row),
    };
}

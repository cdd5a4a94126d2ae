using System.Globalization;
using System.Text;

namespace DotRec.Data;

/// <summary>Writes tables as RFC 4180 says: fields that hold delimiters, quotes, line ends or spaces at an end stand in quotes.</summary>
internal sealed class CsvWriter(TextWriter writer, string delimiter, char listDelimiter)
{
    private readonly StringBuilder _line = new();

    public async Task WriteAsync(FeatureBatch data, bool hasHeader, CancellationToken cancellationToken)
    {
        if (hasHeader)
        {
            await WriteLineAsync(data.Columns.Count, field => data.Columns[field].Name, cancellationToken).ConfigureAwait(false);
        }

        for (var row = 0; row < data.RowCount; row++)
        {
            var current = row;
            await WriteLineAsync(data.Columns.Count, field => Field(data.Columns[field], current), cancellationToken).ConfigureAwait(false);
        }
    }

    private Task WriteLineAsync(int count, Func<int, string> fieldAt, CancellationToken cancellationToken)
    {
        _line.Clear();
        for (var i = 0; i < count; i++)
        {
            _line.Append(i == 0 ? "" : delimiter);
            Append(fieldAt(i), isOnly: count == 1);
        }

        return writer.WriteLineAsync(_line, cancellationToken);
    }

    private void Append(string field, bool isOnly)
    {
        // An empty line would be passed over, and with it its row: an only field is quoted when it is empty.
        var isQuoted = field.Length == 0 ? isOnly
            : field[0] == ' ' || field[^1] == ' ' || field.AsSpan().ContainsAny('"', '\r', '\n') || field.Contains(delimiter, StringComparison.Ordinal)

            // The first character of a delimiter of several could be the last of the field.
            || (delimiter.Length > 1 && field[^1] == delimiter[0]);
        if (isQuoted)
        {
            _line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            _line.Append(field);
        }
    }

    private string Field(Column column, int row) => column switch
    {
        Column<string> texts => string.Join(listDelimiter, texts.Row(row)!),
        Column<long> integers => Join(integers.Row(row), value => value.ToString(CultureInfo.InvariantCulture)),
        Column<float> numbers => Join(numbers.Row(row), value => float.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture)),
        Column<double> numbers => Join(numbers.Row(row), value => double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException(column.Schema.ToString()),
    };

    private string Join<T>(ReadOnlySpan<T> values, Func<T, string> text) =>
        values.Length == 1 ? text(values[0]) : string.Join(listDelimiter, Array.ConvertAll(values.ToArray(), value => text(value)));
}

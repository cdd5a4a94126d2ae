using System.Text;

namespace DotRec.Data;

/// <summary>Names of the fields of a delimited file, from its first line or from the options.</summary>
/// <param name="File">What errors call the file.</param>
/// <param name="Names">Names of all fields.</param>
internal sealed record CsvHeader(string File, IReadOnlyList<string> Names)
{
    /// <exception cref="DataFormatException">The file is empty, or a name of the header line repeats or is no UTF-8.</exception>
    public static CsvHeader Read(DelimitedReader reader, string file, CsvOptions options)
    {
        if (!reader.Read())
        {
            throw new DataFormatException(file, $"found an empty file, expected {(options is { Header: null, HasHeader: true } ? "a header line" : "lines of data")}.");
        }

        if (options.Header is not null || !options.HasHeader)
        {
            reader.Unread();
            return new CsvHeader(file, options.Header ?? [.. Enumerable.Range(1, reader.FieldCount).Select(number => FormattableString.Invariant($"column{number}"))]);
        }

        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = System.Text.Unicode.Utf8.IsValid(reader[i])
                ? Encoding.UTF8.GetString(reader[i]).Trim()
                : throw new DataFormatException(file, reader.Line, i + 1, column: null, TableReader.Quoted(reader[i]), "a column name in UTF-8");
            if (Array.IndexOf(names, names[i], 0, i) is >= 0 and var first)
            {
                throw new DataFormatException(file, reader.Line, i + 1, names[i], "a name that column " + (first + 1) + " has", "a name of its own");
            }
        }

        return new CsvHeader(file, names);
    }

    /// <summary>The fields to read.</summary>
    /// <exception cref="DataFormatException">A column of the options is not in the file.</exception>
    public TableField[] Fields(CsvOptions options)
    {
        foreach (var column in options.Schema)
        {
            _ = Position(column.Name);
        }

        return [.. (options.Columns ?? Names).Select(name => options.Schema.FirstOrDefault(column => column.Name == name) is { } schema
            ? new TableField(Position(name), schema, schema.IsJagged ? (byte)options.ListDelimiter : null)
            : new TableField(Position(name), new ColumnSchema(name, ColumnType.Int64), IsInferred: true))];
    }

    private int Position(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        throw new DataFormatException(File, $"there is no column '{name}'. The columns are: {string.Join(", ", Names)}.");
    }
}

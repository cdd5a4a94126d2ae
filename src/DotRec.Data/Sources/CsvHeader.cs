using System.Globalization;
using System.Text;

namespace DotRec.Data;

/// <summary>Names of the fields of a delimited file, from its first line or from the options.</summary>
/// <param name="File">What errors call the file.</param>
/// <param name="Names">Names of all fields.</param>
/// <param name="Unnamed">Positions of fields that the header line gives no name.</param>
internal sealed record CsvHeader(string File, IReadOnlyList<string> Names, IReadOnlyList<int> Unnamed)
{
    // What pandas makes of the column of row numbers that it wrote without a name before.
    private const string UnnamedByPandas = "Unnamed: 0";

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
            return new CsvHeader(file, options.Header ?? [.. Enumerable.Range(0, reader.FieldCount).Select(NameAt)], []);
        }

        var names = new string[reader.FieldCount];
        var unnamed = new List<int>();
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = System.Text.Unicode.Utf8.IsValid(reader[i])
                ? Encoding.UTF8.GetString(reader[i]).Trim()
                : throw new DataFormatException(
                    file, reader.Line, i + 1, column: null, TableReader.Quoted(reader[i]), $"a column name in UTF-8{TableReader.EncodingHint(reader[i])}");
            if (names[i].Length == 0)
            {
                unnamed.Add(i);
                names[i] = NameAt(i);
            }
        }

        for (var i = 1; i < names.Length; i++)
        {
            if (Array.IndexOf(names, names[i], 0, i) is >= 0 and var first)
            {
                throw new DataFormatException(file, reader.Line, i + 1, names[i], "a name that column " + (first + 1) + " has", "a name of its own");
            }
        }

        return new CsvHeader(file, names, unnamed);
    }

    /// <summary>Tells which columns were given names.</summary>
    public void Report(CsvOptions options)
    {
        foreach (var position in Unnamed.Where(position => options.Columns is null && !(position == 0 && Names.Count > 1)))
        {
            options.Note?.Invoke($"column {position + 1} has no name in the header line: it is called '{Names[position]}'.");
        }
    }

    /// <summary>The fields to read.</summary>
    /// <exception cref="DataFormatException">A column of the options is not in the file.</exception>
    public TableField[] Fields(CsvOptions options)
    {
        var types = new Dictionary<int, ColumnSchema>();
        foreach (var column in options.Schema)
        {
            types.TryAdd(Position(column.Name), column);
        }

        var wanted = options.Columns ?? (options.IsWanted is { } isWanted ? [.. Names.Where(isWanted)] : Names);
        if (wanted.Count == 0)
        {
            throw new DataFormatException(File, $"none of its columns is one of those to read. The columns are: {string.Join(", ", Names)}.");
        }

        var ids = options.Ids.Select(Find).ToHashSet();
        return [.. wanted.Select(Position).Select(position => types.TryGetValue(position, out var schema)
            ? new TableField(position, schema with { Name = Names[position] }, schema.IsJagged ? (byte)options.ListDelimiter : null)
            : new TableField(position, new ColumnSchema(Names[position], ColumnType.Int64), IsInferred: true, IsId: ids.Contains(position)))];
    }

    /// <summary>The table without a first column that has no name of its own and only counts the rows, unless somebody asked for it.</summary>
    public FeatureBatch WithoutRowNumbers(FeatureBatch data, CsvOptions options)
    {
        var isUnnamed = Unnamed.Contains(0) || Names[0] == UnnamedByPandas;
        if (!isUnnamed || options.Columns is not null || !data.TryGet(Names[0], out var first) || data.Columns.Count == 1 || options.Schema.Any(column => column.Name == Names[0]))
        {
            return data;
        }

        if (first is Column<long> numbers && IsCount(numbers.Values))
        {
            options.Note?.Invoke($"the first column has no name and counts the rows: it is left out. Name it '{Names[0]}' among the columns to read it.");
            return data.DropColumns(Names[0]);
        }

        options.Note?.Invoke($"column 1 has no name in the header line: it is called '{Names[0]}'.");
        return data;
    }

    private static bool IsCount(ReadOnlySpan<long> numbers)
    {
        for (var row = 0; row < numbers.Length; row++)
        {
            if (numbers[row] != row)
            {
                return false;
            }
        }

        return true;
    }

    private static string NameAt(int position) => string.Create(CultureInfo.InvariantCulture, $"column{position + 1}");

    private int Position(string name) => Find(name) is >= 0 and var position ? position
        : throw new DataFormatException(File, $"there is no column '{name}'. The columns are: {string.Join(", ", Names)}.");

    private int Find(string name)
    {
        try
        {
            return ColumnNames.Find(Names, name);
        }
        catch (ArgumentException several)
        {
            throw new DataFormatException(File, several.Message, several);
        }
    }
}

using System.Text;

namespace DotRec.Data;

/// <summary>How to read delimited text. The defaults read an ordinary CSV or TSV file with a header line.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// What stands between fields, one or more ASCII characters: ",", "\t", "::". By default the one of tab, "::", semicolon, comma and bar that
    /// occurs in the first line and, if several do, comes first in this list; a file named .csv is read with commas if its first line has one.
    /// </summary>
    public string? Delimiter { get; init; }

    /// <summary>Names of all fields of a line, for a file without a header line. By default the first line is the header.</summary>
    public IReadOnlyList<string>? Header { get; init; }

    /// <summary>False for a file without a header line; its columns are called column1, column2 and so on, unless <see cref="Header"/> names them.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Names of the columns to read, in this order. By default all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Types of columns, by name. Columns not named here get the narrowest of int64, float32 and string that all their values fit:
    /// see <see cref="Csv"/>. A jagged column is one whose fields are lists; it has to be given here.
    /// </summary>
    public IReadOnlyList<ColumnSchema> Schema { get; init; } = [];

    /// <summary>What stands between the values of a jagged column's field, an ASCII character. An empty field is an empty list.</summary>
    public char ListDelimiter { get; init; } = '|';

    /// <summary>True when a field that begins with a double quote ends with one and may hold delimiters, line ends and doubled quotes.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>Encoding of the file. By default UTF-8, read without conversion.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Lines looked at before the types of columns are first guessed.</summary>
    public int SampleRows { get; init; } = 1000;
}

using System.Text;

namespace DotRec.Data;

/// <summary>How to read delimited text. The defaults read an ordinary CSV or TSV file with a header line.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// What stands between fields, one or more ASCII characters: ",", "\t", "::". By default what a first line "sep=;" says, else the one of tab, "::",
    /// semicolon, comma and bar that divides the first lines into equally many fields and, if several do, comes first in this list; in a file named .csv
    /// commas come first.
    /// </summary>
    public string? Delimiter { get; init; }

    /// <summary>Names of all fields of a line, for a file without a header line. By default the first line is the header.</summary>
    public IReadOnlyList<string>? Header { get; init; }

    /// <summary>False for a file without a header line; its columns are called column1, column2 and so on, unless <see cref="Header"/> names them.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// Names of the columns to read, in this order; a column keeps the name that its file has, and is found as in <see cref="FeatureBatch"/>. By default all, but for a first column without a name (or named "Unnamed: 0") that only counts the
    /// rows from 0, which pandas writes: it is left out.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Tells by its name whether a column is read, where <see cref="Columns"/> is not set. By default all are.</summary>
    public Func<string, bool>? IsWanted { get; init; }

    /// <summary>
    /// Types of columns, by name: a column is found as in <see cref="FeatureBatch"/>, <c>User_ID</c> by user_id, and keeps its file's name. Columns not named here get the narrowest of int64, float32, float64 and string that all their values fit:
    /// see <see cref="Csv"/>. A jagged column is one whose fields are lists; it has to be given here.
    /// </summary>
    public IReadOnlyList<ColumnSchema> Schema { get; init; } = [];

    /// <summary>
    /// Names of columns that name things: users, items. They are int64 if all their fields are whole numbers, also those that pandas writes as 17.0, else
    /// strings exactly as written. Where a field is missing, whole numbers are float64 with NaN there: see <see cref="IdColumns"/>. A name that no column
    /// has is passed over.
    /// </summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Words that stand for a missing number, as an empty field does: in columns of numbers they are NaN, in columns of texts they are texts.</summary>
    public IReadOnlyList<string> MissingWords { get; init; } = DefaultMissingWords;

    /// <summary>The words that stand for a missing number where <see cref="MissingWords"/> is not set.</summary>
    public static IReadOnlyList<string> DefaultMissingWords { get; } =
        ["NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "Null", "null", "(null)", "nil", "\\N", "NaN", "nan", "-nan", "NAN", "NaT", "None", "none", "-", "?", "."];

    /// <summary>'.' or ',': what stands before decimals, the other one then between thousands. By default found out for each column.</summary>
    public char? DecimalSeparator { get; init; }

    /// <summary>Told what was assumed where the file does not say: separators in numbers, columns without a name, columns left out; and of columns of numbers that a few words make text.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>What stands between the values of a jagged column's field, an ASCII character. An empty field is an empty list.</summary>
    public char ListDelimiter { get; init; } = '|';

    /// <summary>True when a field that begins with a double quote ends with one and may hold delimiters, line ends and doubled quotes.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>Encoding of the file. By default that of its byte order mark (UTF-8, UTF-16, UTF-32), else UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Lines looked at before the types of columns are first guessed.</summary>
    public int SampleRows { get; init; } = 1000;
}

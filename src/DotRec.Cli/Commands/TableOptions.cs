using System.CommandLine;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Options that say how a file is laid out, where that does not show, and what of it is read.</summary>
internal sealed class TableOptions
{
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The text file has no line of column names: its columns are column1, column2, … or those of --columns." };

    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "The columns to read; all without it. With --no-header: the names of all columns, in order. Several may follow.",
        HelpName = "column",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "What stands between fields of a text file, where it is not found by itself; a tab is \\t.", HelpName = "text" };
    private readonly Option<string?> _encoding = new("--encoding") { Description = "Encoding of a text file that is not UTF-8 and has no byte order mark, for example windows-1252.", HelpName = "name" };
    private readonly Option<string?> _decimal = new("--decimal") { Description = "What stands before decimals in a text file, point or comma, where it is not found by itself." };

    private readonly Option<string[]> _missing = new("--missing")
    {
        Description = "Words that stand for a missing number in a text file, beside NA, NULL, null, NaN, None and the like. Several may follow.",
        HelpName = "word",
        AllowMultipleArgumentsPerToken = true,
    };

    public TableOptions() => _decimal.OneOf("point", "comma");

    public IReadOnlyList<Option> All => [_noHeader, _columns, _delimiter, _encoding, _decimal, _missing];

    /// <summary>How a file is to be read, all types found out.</summary>
    public CsvOptions Read(ParseResult parsed)
    {
        var names = parsed.GetValue(_columns) ?? [];
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserException($"--columns names '{twice.Key}' twice; each column needs a name of its own.");
        }

        var hasHeader = !parsed.GetValue(_noHeader);
        return new CsvOptions
        {
            HasHeader = hasHeader,
            Header = names.Length == 0 || hasHeader ? null : names,
            Columns = names.Length == 0 || !hasHeader ? null : names,
            Delimiter = parsed.GetValue(_delimiter)?.Replace("\\t", "\t", StringComparison.Ordinal),
            Encoding = parsed.GetValue(_encoding) is { } encoding ? TextEncodings.Named(encoding) : null,
            DecimalSeparator = parsed.GetValue(_decimal) switch { "point" => '.', "comma" => ',', _ => null },
            MissingWords = [.. CsvOptions.DefaultMissingWords, .. parsed.GetValue(_missing) ?? []],
        };
    }
}

using System.CommandLine;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Options that say how a text file is laid out, where that does not show.</summary>
internal sealed class TableOptions
{
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The file has no line of column names: its columns are column1, column2, … or those of --columns." };

    private readonly Option<string[]> _columns = new("--columns")
    {
        Description = "Names of all columns of a file without a header line, in order. Several may follow.",
        HelpName = "column",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "What stands between fields, where it is not found by itself; a tab is \\t.", HelpName = "text" };

    public IReadOnlyList<Option> All => [_noHeader, _columns, _delimiter];

    /// <summary>How a text file is to be read, all types inferred.</summary>
    public CsvOptions Read(ParseResult parsed)
    {
        var names = parsed.GetValue(_columns) ?? [];
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserException($"--columns names '{twice.Key}' twice; each column needs a name of its own.");
        }

        return new CsvOptions
        {
            HasHeader = !parsed.GetValue(_noHeader),
            Header = names.Length == 0 ? null : names,
            Delimiter = parsed.GetValue(_delimiter)?.Replace("\\t", "\t", StringComparison.Ordinal),
        };
    }
}

namespace DotRec.Data;

/// <summary>A data file does not hold what it must: says which file, line and column, what was found and what was expected.</summary>
public sealed class DataFormatException : FormatException
{
    internal DataFormatException(string file, string problem, Exception? cause = null)
        : base($"{file}: {problem}", cause) => File = file;

    internal DataFormatException(string file, long line, string problem)
        : base($"{file}, line {line}: {problem}")
    {
        File = file;
        Line = line;
    }

    internal DataFormatException(string file, long line, int columnNumber, string? column, string found, string expected)
        : base(
            $"{file}, line {line}, column {columnNumber}{(column is null ? null : $" '{column}'")}: found {found}, expected {expected}.")
    {
        File = file;
        Line = line;
        ColumnNumber = columnNumber;
        Column = column;
    }

    /// <summary>The file, with its place inside an archive if it lies in one.</summary>
    public string File { get; }

    /// <summary>Line of the file, from 1; null when the file as a whole is wrong.</summary>
    public long? Line { get; }

    /// <summary>Column of the line, from 1; null when the line as a whole is wrong.</summary>
    public int? ColumnNumber { get; }

    /// <summary>Name of the column, if known.</summary>
    public string? Column { get; }
}

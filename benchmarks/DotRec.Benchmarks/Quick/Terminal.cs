namespace DotRec.Benchmarks;

/// <summary>What a measurement says while it works and at its end: lines, and tables that are Markdown.</summary>
internal static class Terminal
{
    public static void Say(string text) => Console.Out.WriteLine(text);

    public static void Heading(string text) => Say($"{Environment.NewLine}# {text}{Environment.NewLine}");

    public static void Warn(string text) => Say("warning: " + text);

    /// <summary>A table with a heading row; columns of figures stand to the right.</summary>
    public static void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.ToArray();
        var widths = headings.Select((heading, i) => cells.Select(row => row[i].Length).Append(heading.Length).Append(3).Max()).ToArray();
        var isFigures = headings.Select((_, i) => Array.TrueForAll(cells, row => IsFigure(row[i]))).ToArray();
        Say(Line(headings));
        Say(Line([.. widths.Select((width, i) => isFigures[i] ? new string('-', width - 1) + ':' : new string('-', width))]));
        foreach (var row in cells)
        {
            Say(Line(row));
        }

        Say("");

        string Line(IReadOnlyList<string> row) =>
            "| " + string.Join(" | ", row.Select((cell, i) => isFigures[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))) + " |";
    }

    private static bool IsFigure(string cell) => cell.Length > 0 && cell.All(character => char.IsAsciiDigit(character) || " .,-±e+".Contains(character, StringComparison.Ordinal));
}

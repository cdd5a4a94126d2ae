using Spectre.Console;

namespace DotRec.Cli;

/// <summary>What the tool says while it works: for people on a terminal. Scripts read <c>--json</c>.</summary>
internal static class Terminal
{
    /// <summary>Without a terminal there is no width to fit into: tables in a log or a pipe are as wide as they need.</summary>
    static Terminal()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
        }
    }

    /// <summary>False where the output is a log or a pipe: lines then, and no control characters.</summary>
    public static bool IsInteractive => AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    public static void Say(string text) => Console.Out.WriteLine(PlainText.Of(text));

    public static void Heading(string text) => AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(PlainText.OfValue(text))}[/]").LeftJustified());

    public static void Warn(string text) => Remark("yellow", "warning", text);

    /// <summary>What was assumed where the user did not say.</summary>
    public static void Note(string text) => Remark("blue", "note", text);

    /// <summary>A table with a heading row; columns of figures stand to the right.</summary>
    public static void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.ToArray();
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < headings.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(PlainText.OfValue(headings[i])));
            var position = i;
            // Where a table is too wide, its texts are folded, never its figures.
            table.AddColumn(Array.TrueForAll(cells, row => IsFigure(row[position])) ? column.RightAligned().NoWrap() : column);
        }

        foreach (var row in cells)
        {
            table.AddRow([.. row.Select(cell => Markup.Escape(PlainText.OfValue(cell)))]);
        }

        AnsiConsole.Write(table);
    }

    // A line of a log stays one line, however long: it is searched for, and nothing folds it there.
    private static void Remark(string colour, string kind, string text)
    {
        if (Console.IsOutputRedirected)
        {
            Say($"{kind}: {PlainText.OfValue(text)}");
        }
        else
        {
            AnsiConsole.MarkupLine($"[{colour}]{kind}:[/] {Markup.Escape(PlainText.OfValue(text))}");
        }
    }

    private static bool IsFigure(string cell) => cell.Length > 0 && cell.All(character => char.IsAsciiDigit(character) || " .,-±e+".Contains(character, StringComparison.Ordinal));
}

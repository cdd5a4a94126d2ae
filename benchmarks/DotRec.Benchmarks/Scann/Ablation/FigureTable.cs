namespace DotRec.Benchmarks;

/// <summary>Prints figures as a table: a line a variant, mean and deviation over the seeds in every cell.</summary>
internal static class FigureTable
{
    /// <param name="title">Heading of the names.</param>
    /// <param name="lines">Name and, for every seed, the figures. Seeds may have more or fewer of them.</param>
    /// <param name="columns">First words of the headings to show, in this order.</param>
    public static void Print(string title, IReadOnlyList<(string Name, List<IReadOnlyList<Figure>> Seeds)> lines, IReadOnlyList<string> columns)
    {
        var known = lines.SelectMany(line => line.Seeds).SelectMany(figures => figures).Select(figure => figure.Heading).Distinct().ToArray();
        var shown = columns.SelectMany(column => known.Where(heading => heading == column || heading.StartsWith(column + " ", StringComparison.Ordinal))).ToArray();
        Console.WriteLine($"| {title} | {string.Join(" | ", shown)} |");
        Console.WriteLine($"|---|{string.Concat(shown.Select(_ => "---:|"))}");
        foreach (var (name, seeds) in lines)
        {
            var cells = shown.Select(heading => Figure.Text([.. seeds.SelectMany(figures => figures.Where(figure => figure.Heading == heading))]));
            Console.WriteLine($"| {name} | {string.Join(" | ", cells)} |");
        }
    }
}

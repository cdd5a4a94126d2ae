using System.Text.RegularExpressions;

namespace DotRec.Benchmarks;

/// <summary>A Markdown document whose tables between marks are written by machine, from result files.</summary>
/// <remarks>
/// <c>&lt;!-- numbers FILE TABLE --&gt;</c> … <c>&lt;!-- end --&gt;</c>: a table of benchmarks/results/FILE.json; the table "about" is the line about
/// command and machine; the file "peers" stands for the reports of benchmarks/peers. A mark begins its line, so that a sentence can speak of one.
/// </remarks>
internal static partial class MarkedDocument
{
    /// <summary>The documents with such marks, and those that could have them.</summary>
    public static IEnumerable<string> All(string root) => Directory.EnumerateFiles(root, "*.md")
        .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Path.Combine(root, "benchmarks"), "*.md", SearchOption.AllDirectories))
        .Where(path => Mark().IsMatch(File.ReadAllText(path)))
        .Order(StringComparer.Ordinal);

    /// <summary>The document with every marked part as the result files have it.</summary>
    /// <exception cref="InvalidDataException">A mark names a file or a table that does not exist, or has no end.</exception>
    public static string Written(string text, string results)
    {
        if (Mark().Count(text) != Part().Count(text))
        {
            throw new InvalidDataException("A mark <!-- numbers FILE TABLE --> has no <!-- end --> before the next one.");
        }

        return Part().Replace(text, part => $"{part.Groups["mark"].Value}\n{Content(part.Groups["file"].Value, part.Groups["table"].Value, results)}\n<!-- end -->");
    }

    /// <summary>The document without its marked parts: what people wrote.</summary>
    public static string ByHand(string text) => Part().Replace(text, "");

    private static string Content(string file, string table, string results)
    {
        if (file == "peers")
        {
            return PeerTable.Of(Path.Combine(results, "index"), table);
        }

        var path = Path.Combine(results, file + ".json");
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"A mark names {file}, and there is no {path}: 'DotRec.Benchmarks numbers {file}' makes it.");
        }

        var document = ResultDocument.Read(path);
        return table == "about" ? document.About() : document.Table(table).ToMarkdown();
    }

    [GeneratedRegex("^<!-- numbers [^>]*-->", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();

    [GeneratedRegex("^(?<mark><!-- numbers (?<file>[a-z-]+) (?<table>[a-z-]+) -->)((?!<!-- numbers ).)*?<!-- end -->", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DotRec.Kernels;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>What is said of an error: one line, in the words of the command line.</summary>
internal static partial class ErrorLine
{
    // Options of pipelines, and those of the command line that set them.
    private static readonly Dictionary<string, string> OptionOf = new(StringComparer.Ordinal)
    {
        ["Checkpoint"] = "--checkpoint",
        ["Features"] = "--features",
        ["Ignore"] = "--ignore",
        ["Label"] = "--label",
        ["Loss"] = "--loss squared",
        ["ItemFeatures"] = "--item-features",
        ["ItemId"] = "--item",
        ["Positive"] = "--positive",
        ["QueryFeatures"] = "--query-features",
        ["QueryId"] = "--query",
        ["ScoreColumn"] = "--score-column",
        ["Time"] = "--time",
        ["Weight"] = "--weight",
    };

    // What libraries tell programmers, and what that is on the command line.
    private static readonly (string Library, string Tool)[] Sayings =
    [
        ("CsvOptions.Encoding, --encoding", "--encoding"),
        (" Open it with Recommender.Load.", " It is asked with dotrec recommend."),
        (" Open it with Ranker.Load.", " It scores rows with dotrec predict."),
        (" For an item outside the index, embed it with EmbedItem and search Index.", " --similar-to takes the id of an item of the bundle."),
        ("Set RecommenderOptions.Interactions.", "Train it anew with dotrec train."),
        (" Set QueryId, or", " Name the column (--query), or"),
    ];

    /// <summary>Whose mistake an error is: the library's argument checks speak to the user, its format checks speak about data.</summary>
    public static ExitCode Classify(Exception exception) => exception switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UserException or NonFiniteLossException => ExitCode.User,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => ExitCode.User,
        InvalidDataException or IOException or FormatException or EnvironmentVariableException => ExitCode.Data,
        ArgumentException => ExitCode.User,
        _ => ExitCode.Internal,
    };

    public static string Of(Exception exception) => Classify(exception) switch
    {
        ExitCode.Cancelled when exception is StoppedException => exception.Message,
        ExitCode.Cancelled => "cancelled.",
        ExitCode.Internal => $"internal error: {exception.GetType().Name}: {Flat(exception.Message)} Run again with --verbose and report it.",
        _ => Flat(exception.Message),
    };

    /// <summary>The first mistake of a command line, and where its options are described.</summary>
    public static string Of(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "dotrec" : command.Command.Name);
        }

        return $"{Flat(parsed.Errors[0].Message)} Run '{string.Join(' ', names)} --help' for the options.";
    }

    // Names of parameters and types are the library's, not the user's: where an option sets the parameter, that is named.
    private static string Flat(string message)
    {
        var line = Parameter().Replace(
            message.ReplaceLineEndings(" "), match => OptionOf.TryGetValue(match.Groups["name"].Value, out var option) ? $" ({option})" : "");
        foreach (var (library, tool) in Sayings)
        {
            line = line.Replace(library, tool, StringComparison.Ordinal);
        }

        return Unparsable().Replace(line, match =>
            $"{match.Groups["name"].Value} is '{match.Groups["value"].Value}'; {Expected(match.Groups["type"].Value)} was expected.");
    }

    private static string Expected(string type) =>
        type.Contains("Double", StringComparison.Ordinal) ? "a number"
        : type.Contains("UInt", StringComparison.Ordinal) ? "a whole number from 0 on"
        : "a whole number";

    [GeneratedRegex(@" \(Parameter '(?<name>\w+)'\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for option '(?<name>.*)' as expected type '(?<type>.*)'\\.$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unparsable();
}

using System.CommandLine;

namespace DotRec.Cli;

/// <summary>The commands of the tool, and what becomes of their errors.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Print the stack trace of an error.", Recursive = true };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("DotRec: recommender models for .NET. Query features in, recommendations out.")
        {
            Verbose,
            QuickstartCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            RecommendCommand.Create(),
            InspectCommand.Create(),
            DatasetsCommand.Create(),
            BenchCommand.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync($"dotrec: {parsed.Errors[0].Message} Run 'dotrec {parsed.CommandResult.Command.Name} --help' for the options.");
            return (int)ExitCode.User;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (Exception exception)
        {
            var code = Classify(exception);
            await error.WriteLineAsync("dotrec: " + OneLine(code, exception));
            if (parsed.GetValue(Verbose))
            {
                await error.WriteLineAsync(exception.ToString());
            }

            return (int)code;
        }
    }

    /// <summary>Whose mistake an error is: the library's argument checks speak to the user, its format checks speak about data.</summary>
    internal static ExitCode Classify(Exception exception) => exception switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        UserException => ExitCode.User,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => ExitCode.User,
        InvalidDataException or IOException or FormatException => ExitCode.Data,
        ArgumentException => ExitCode.User,
        _ => ExitCode.Internal,
    };

    private static string OneLine(ExitCode code, Exception exception) => code switch
    {
        ExitCode.Cancelled => "cancelled.",
        ExitCode.Internal => $"internal error: {exception.GetType().Name}: {Flat(exception.Message)} Run again with --verbose and report it.",
        _ => Flat(exception.Message),
    };

    private static string Flat(string message) => message.ReplaceLineEndings(" ");
}

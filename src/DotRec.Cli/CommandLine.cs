using System.CommandLine;
using System.CommandLine.Help;

namespace DotRec.Cli;

/// <summary>The commands of the tool, and what becomes of their errors.</summary>
internal static class CommandLine
{
    // What work that keeps nothing may take to end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Print the stack trace of an error.", Recursive = true };

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("DotRec: recommender models for .NET. Query features in, recommendations out.")
        {
            Verbose,
            QuickstartCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            PredictCommand.Create(),
            RecommendCommand.Create(),
            ExportCommand.Create(),
            ExplainCommand.Create(),
            InspectCommand.Create(),
            DatasetsCommand.Create(),
        };
        root.Action = new HelpAction();
        root.CheckFractions();

        // Values may begin with @, which would otherwise name a file of arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            await error.WriteLineAsync("dotrec: " + PlainText.Of(ErrorLine.Of(parsed)));
            return (int)ExitCode.User;
        }

        try
        {
            PathCheck.Require(parsed);
            using var interruption = new Interruption(parsed.CommandResult.Command.Name == TrainCommand.Name ? Timeout.InfiniteTimeSpan : Grace);
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error, ProcessTerminationTimeout = null };
            var work = parsed.InvokeAsync(configuration, interruption.Token);
            var code = await Task.WhenAny(work, interruption.End) == work ? await work : (int)ExitCode.Cancelled;
            if (code == (int)ExitCode.Cancelled)
            {
                await error.WriteLineAsync("dotrec: " + ErrorLine.Of(new OperationCanceledException()));
            }

            return code;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync("dotrec: " + PlainText.Of(ErrorLine.Of(exception)));
            if (parsed.GetValue(Verbose))
            {
                await error.WriteLineAsync(PlainText.Of(exception.ToString()));
            }

            return (int)ErrorLine.Classify(exception);
        }
    }
}

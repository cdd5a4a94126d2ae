using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>Parses and runs <c>DotRec.Benchmarks index</c>; an error is one line.</summary>
internal static class IndexCommandLine
{
    private const int Failed = 1;
    private const int Cancelled = 130;

    /// <param name="arguments">"index" and its options.</param>
    /// <param name="error">Hears what is wrong.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter error)
    {
        var root = new RootCommand("Benchmarks of DotRec.") { IndexCommand.Create() };
        root.Action = new HelpAction();
        foreach (var command in root.Subcommands)
        {
            CheckFractions(command);
        }

        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return await FailAsync(error, parsed.Errors[0].Message, Failed);
        }

        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Error = error });
            return code == Cancelled ? await FailAsync(error, "cancelled.", code) : code;
        }
        catch (OperationCanceledException)
        {
            return await FailAsync(error, "cancelled.", Cancelled);
        }
        catch (Exception exception) when (exception is UsageException or ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return await FailAsync(error, exception.Message, Failed);
        }
    }

    private static async Task<int> FailAsync(TextWriter error, string message, int code)
    {
        await error.WriteLineAsync("index: " + message.ReplaceLineEndings(" "));
        return code;
    }

    // "0,1" would be read as 1.
    private static void CheckFractions(Command command)
    {
        foreach (var option in command.Options.Where(option => (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is var type && (type == typeof(double) || type == typeof(float))))
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && !double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                {
                    result.AddError($"{option.Name} is '{result.Tokens[0].Value}'; a number with a decimal point was expected, such as 0.1.");
                }
            });
        }
    }
}

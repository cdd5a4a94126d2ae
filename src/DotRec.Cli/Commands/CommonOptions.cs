using System.CommandLine;
using System.Globalization;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Options that several commands share, made anew for each command, and what options have in common.</summary>
internal static class CommonOptions
{
    public static Option<string?> Json()
    {
        var json = new Option<string?>("--json") { Description = "Also write the result as one JSON object to this file.", HelpName = "path" };
        json.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Destination.ProblemOfFile(result.Tokens[0].Value) is { } problem)
            {
                result.AddError($"--json {problem}");
            }
        });
        return json;
    }

    public static Option<string> Bundle() => new("--bundle", "-b") { Description = "The bundle's directory.", HelpName = "dir", Required = true };

    public static Option<ulong> Seed(ulong value) =>
        new("--seed") { Description = "Decides every random choice.", HelpName = "n", DefaultValueFactory = _ => value };

    /// <summary>Where the rank of the chosen item of each row goes.</summary>
    public static Option<string?> ExportRanks(string of)
    {
        var ranks = new Option<string?>("--export-ranks") { Description = $"{of}Also write where the chosen item of each test row stands to this .csv or .parquet file.", HelpName = "path" };
        ranks.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && ProblemOfTable(result.Tokens[0].Value) is { } problem)
            {
                result.AddError(problem);
            }
        });
        return ranks;

        static string? ProblemOfTable(string path) =>
            !TableFile.IsParquet(path) && !path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? $"--export-ranks is {path}; a .parquet or .csv file was expected."
            : Destination.ProblemOfFile(path) is { } problem ? $"--export-ranks {problem}"
            : null;
    }

    public static Option<bool> EvaluateAll(string of) => new("--evaluate-all")
    {
        Description = $"{of}Measure on all test rows. Without it a random part of them is taken where rows times items are more than 10,000,000,000.",
    };

    /// <summary>Refuses numbers below 1.</summary>
    public static Option<T> AtLeastOne<T>(this Option<T> option)
    {
        option.HelpName = "n";
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number < 1)
            {
                result.AddError($"{option.Name} is {number}; at least 1 is needed.");
            }
        });
        return option;
    }

    /// <summary>Refuses, for each option of a command and of those below it that takes a fraction, what is not written as one: "0,1" would be read as 1.</summary>
    public static void CheckFractions(this Command command)
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

        foreach (var below in command.Subcommands)
        {
            below.CheckFractions();
        }
    }

    /// <summary>Refuses all but the given values.</summary>
    public static void OneOf<T>(this Option<T> option, params string[] values)
    {
        option.CompletionSources.Add(values);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value is var value && !values.Contains(value, StringComparer.Ordinal))
            {
                result.AddError($"{option.Name} is '{value}'; {string.Join(", ", values[..^1])} or {values[^1]} was expected.");
            }
        });
    }

    /// <summary>Work that ends by itself when it is cancelled. It runs on another thread: Ctrl+C is heard from its first moment on.</summary>
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task> work) =>
        command.SetAction((parsed, cancellation) => Task.Run(() => work(parsed, cancellation), CancellationToken.None));
}

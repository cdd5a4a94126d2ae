using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec predict</c>: the scores of a file's rows, beside what the file holds.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var data = new Option<string>("--data") { Description = "Rows with the features the model reads: CSV, TSV (.gz, .zip) or Parquet.", HelpName = "path", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Where the rows go, with the score of each: a .csv or .parquet file.", HelpName = "path", Required = true };
        var name = new Option<string>("--score-column") { Description = "What the column of scores is called.", HelpName = "column", DefaultValueFactory = _ => "score" };
        var table = new TableOptions();
        var json = CommonOptions.Json();
        var command = new Command("predict", "Score the rows of a file with a bundle of train --task ranking.") { bundle, data, output, name };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var target = parsed.GetRequiredValue(output);
            if (!TableFile.IsParquet(target) && !target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                throw new UserException($"--output is {target}; a .parquet or .csv file was expected.");
            }

            if (Destination.ProblemOfFile(target) is { } problem)
            {
                throw new UserException($"--output {problem}");
            }

            using var ranker = Ranker.Load(parsed.GetRequiredValue(bundle));
            var predictor = new RankerPredictor(ranker, table.Read(parsed)) { ScoreColumn = parsed.GetRequiredValue(name) };
            var rows = await WorkProgress.RunAsync("reading", progress => predictor.PredictFileAsync(parsed.GetRequiredValue(data), target, progress, cancellation));
            Terminal.Say($"{rows:N0} rows scored: {target}");
            ResultFile.Write(parsed.GetValue(json), new JsonObject { ["command"] = "predict", ["rows"] = rows, ["output"] = Path.GetFullPath(target) });
        });
        return command;
    }
}

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
            var isParquet = TableFile.IsParquet(target);
            if (!isParquet && !target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                throw new UserException($"--output is {target}; a .parquet or .csv file was expected.");
            }

            if (Destination.ProblemOfFile(target) is { } problem)
            {
                throw new UserException($"--output {problem}");
            }

            using var ranker = Ranker.Load(parsed.GetRequiredValue(bundle));
            var (path, column, layout) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), table.Read(parsed));
            var rows = await RankerTable.ReadAsync(path, ranker.Features, layout, TerminalProgress.Notes(), cancellation);
            if (rows.TryGet(column, out _))
            {
                throw new UserException($"{path} has a column '{column}' already. Name the column of scores with --score-column.");
            }

            var scores = await ProgressBar.RunAsync(
                "predicting", rows.RowCount, progress => Task.FromResult(RankerScores.Compute(ranker, rows, progress, cancellation)));
            // A text file's fields are passed on as they are written, not as they were understood.
            var kept = isParquet || !TableFile.IsText(path)
                ? rows
                : await DataSource.ReadAsync(path, layout with { Schema = [.. rows.Columns.Select(one => new ColumnSchema(one.Name, ColumnType.String))] }, notes: null, cancellation);
            var result = new FeatureBatch([.. kept.Columns, new Column<float>(column, scores)]);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
            await (isParquet ? ParquetFile.WriteAsync(result, target, cancellation) : Csv.WriteAsync(result, target, cancellationToken: cancellation));
            Terminal.Say($"{rows.RowCount:N0} rows scored: {target}");
            ResultFile.Write(parsed.GetValue(json), new JsonObject { ["command"] = "predict", ["rows"] = rows.RowCount, ["output"] = Path.GetFullPath(target) });
        });
        return command;
    }
}

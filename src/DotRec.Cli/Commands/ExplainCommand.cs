using System.CommandLine;
using System.Text;
using DotRec.Data;
using DotRec.Kernels;
using DotRec.Modeling;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec explain</c>: what a ranking model multiplies, which features it needs, and why a prediction is what it is.</summary>
internal static class ExplainCommand
{
    public const string Frobenius = "frobenius";
    public const string RootMeanSquare = "rms";

    private const string Page = ".html";
    private const string Picture = ".svg";

    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var data = new Option<string?>("--data") { Description = "Rows the model was not trained on, with its features: shows which features it needs. CSV, TSV (.gz, .zip) or Parquet.", HelpName = "path" };
        var label = new Option<string?>("--label") { Description = "Column of --data with the truth. Without it: the column the bundle was trained on.", HelpName = "column" };
        var row = new Option<int[]>("--row") { Description = "Rows of --data, counted from 1, whose predictions are explained. Several may follow.", HelpName = "n", AllowMultipleArgumentsPerToken = true };
        var group = new Option<string[]>("--group") { Description = "Columns that belong together and are explained as one feature: a,b. Several may follow.", HelpName = "columns", AllowMultipleArgumentsPerToken = true };
        var norm = new Option<string>("--norm") { Description = "Strength of a cross: frobenius (the pair as a whole) or rms (a single weight, for fields of different widths).", DefaultValueFactory = _ => Frobenius };
        norm.OneOf(Frobenius, RootMeanSquare);
        var repeats = new Option<int>("--repeats") { Description = "Shuffles of each feature.", DefaultValueFactory = _ => 5 }.AtLeastOne();
        var sample = new Option<int>("--sample") { Description = "Rows of --data that importance is measured on, at most.", DefaultValueFactory = _ => 20_000 }.AtLeastOne();
        var background = new Option<int>("--background") { Description = "Rows of --data that explained rows are compared with, at most.", DefaultValueFactory = _ => 100 }.AtLeastOne();
        var output = new Option<string?>("--output", "-o") { Description = "Also write a page (.html) with everything, or the heat maps alone (.svg).", HelpName = "path" };
        var seed = CommonOptions.Seed(0);
        var table = new TableOptions();
        var json = CommonOptions.Json();
        var command = new Command("explain", "Show what a ranking model learned: its crosses, its features' importance, single predictions.")
        {
            bundle, data, label, row, group, norm, repeats, sample, background, output, seed,
        };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var (directory, target, rows) = (parsed.GetRequiredValue(bundle), parsed.GetValue(output), parsed.GetValue(row) ?? []);
            CheckTarget(target);
            if (parsed.GetValue(data) is null && (rows.Length > 0 || parsed.GetValue(label) is not null || parsed.GetValue(group) is { Length: > 0 }))
            {
                throw new UserException("--row, --label and --group speak of the rows of a file. Name it with --data.");
            }

            var explanation = new Explanation
            {
                Model = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))),
                Norm = parsed.GetRequiredValue(norm) == Frobenius ? BlockNorm.Frobenius : BlockNorm.RootMeanSquare,
            };
            if (BundleDescription.Read(directory).Kind != BundleKind.Ranker)
            {
                explanation = explanation with { Crosses = CrossesOfRecommender(directory, parsed.GetValue(data)) };
                CheckPicture(target, explanation);
            }
            else
            {
                using var ranker = Ranker.Load(directory);
                explanation = explanation with { Label = ranker.Options.LabelColumn, Crosses = CrossesOf(ranker.Options.ExtraFiles, directory), Cuts = NumberCuts.Of(ranker) };
                CheckPicture(target, explanation);
                if (parsed.GetValue(data) is { } path)
                {
                    var rowsOfFile = await RankerTable.ReadAsync(path, ranker.Features, table.Read(parsed), TerminalProgress.Notes(), cancellation);
                    if (rowsOfFile.RowCount == 0)
                    {
                        throw new UserException($"{path} has no rows to explain.");
                    }

                    var features = Features(ranker, parsed.GetValue(group) ?? []);
                    var work = new RankerExplanation(ranker, rowsOfFile, path, features, parsed.GetValue(seed));
                    if (rows.Length > 0)
                    {
                        var (explained, compared) = work.Explain(rows, parsed.GetValue(background), cancellation);
                        explanation = explanation with { Rows = explained, BackgroundRows = compared };
                    }

                    if (LabelOf(ranker, parsed.GetValue(label), rows.Length > 0, rowsOfFile) is { } coding)
                    {
                        var (importance, measured) = await work.MeasureAsync(coding, parsed.GetValue(sample), parsed.GetValue(repeats), cancellation);
                        explanation = explanation with { Importance = importance, MeasuredRows = measured };
                    }
                }
            }

            ExplanationTables.Print(explanation);
            Write(target, explanation);
            ResultFile.Write(parsed.GetValue(json), ExplanationJson.Of(explanation));
        });
        return command;
    }

    private static void CheckTarget(string? target)
    {
        if (target is null)
        {
            return;
        }

        if (Path.GetExtension(target) is not (Page or Picture))
        {
            throw new UserException($"--output is {target}; a {Page} or {Picture} file was expected.");
        }

        if (Destination.ProblemOfFile(target) is { } problem)
        {
            throw new UserException($"--output {problem}");
        }
    }

    private static void CheckPicture(string? target, Explanation explanation)
    {
        if (explanation.Crosses is null && Path.GetExtension(target) is Picture)
        {
            throw new UserException($"{target} would show the crosses, and {explanation.Model} has none. Write a {Page} file for importance and single predictions.");
        }
    }

    private static CrossWeights? CrossesOf(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, string directory)
    {
        try
        {
            return files.TryGetValue(CrossWeights.FileName, out var content) ? CrossWeights.Read(content) : null;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{Path.Combine(directory, CrossWeights.FileName)}: {exception.Message}", exception);
        }
    }

    private static CrossWeights? CrossesOfRecommender(string directory, string? data)
    {
        if (data is not null)
        {
            throw new UserException($"{directory} is a recommender's bundle; --data explains the predictions of a ranking model's bundle, as 'dotrec train --task ranking' saves it.");
        }

        using var recommender = Recommender.Load(directory);
        return CrossesOf(recommender.Options.ExtraFiles, directory);
    }

    private static IReadOnlyList<FeatureGroup> Features(Ranker ranker, string[] groups)
    {
        var left = ranker.Features.Select(feature => feature.Name).ToList();
        var features = new List<FeatureGroup>();
        foreach (var columns in groups.Select(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            foreach (var column in columns)
            {
                if (!left.Remove(column))
                {
                    throw new UserException($"--group names '{column}', which the model does not read or which is named already. The model reads: {string.Join(", ", ranker.Features)}.");
                }
            }

            features.Add(new FeatureGroup(string.Join(" + ", columns), columns));
        }

        return [.. features, .. FeatureGroup.Each(left)];
    }

    // A file of rows to explain need not have labels; a file for nothing else must.
    private static LabelCoding? LabelOf(Ranker ranker, string? column, bool isOptional, FeatureBatch data)
    {
        if (column is null && isOptional && (ranker.Options.LabelColumn is not { } own || !data.TryGet(own, out _) || ranker.Options.Score == ScoreMeaning.Order))
        {
            return null;
        }

        var coding = column is not null && ranker.Options.LabelColumn is null
            ? new LabelCoding(column, ranker.Options.Score == ScoreMeaning.Probability ? "1" : null, ranker.Options.Score == ScoreMeaning.Probability ? "0" : null)
            : RankerFactory.LabelOf(ranker);
        return column is null ? coding : coding with { Column = column };
    }

    private static void Write(string? target, Explanation explanation)
    {
        if (target is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        OutputFile.Write(target, Encoding.UTF8.GetBytes(
            Path.GetExtension(target) is Picture ? CrossPicture.Svg(explanation.Crosses!, explanation.Norm) : ExplanationPage.Of(explanation)));
        Terminal.Say($"written: {target}");
    }
}

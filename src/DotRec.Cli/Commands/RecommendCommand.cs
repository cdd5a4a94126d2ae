using System.CommandLine;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec recommend</c>: asks a bundle, for one query, for an item's neighbours, or for a file of queries.</summary>
internal static class RecommendCommand
{
    private const int ShownIds = 5;

    public static Command Create()
    {
        var bundle = CommonOptions.Bundle();
        var query = new Option<string[]>("--query", "-q")
        {
            Description = "The query: its raw features, each as name=value; lists as name=a|b|c. One of --query, --similar-to and --all is needed.",
            HelpName = "name=value",
            AllowMultipleArgumentsPerToken = true,
        };
        var similarTo = new Option<string?>("--similar-to") { Description = "Recommend the items most like this item, instead of --query.", HelpName = "item id" };
        var all = new Option<string?>("--all") { Description = "Answer every row of this CSV, Parquet or JSON file of query features, instead of --query; needs --output.", HelpName = "path" };
        var output = new Option<string?>("--output", "-o") { Description = "Where the answers to --all go: a .csv or .parquet file.", HelpName = "path" };
        var k = new Option<int?>("-k") { Description = "How many items; the bundle's default without it.", HelpName = "n" }.AtLeastOne();
        var exclude = new Option<string[]>("--exclude")
        {
            Description = "Ids of items that may not be returned; not with --all. Several may follow.",
            HelpName = "item id",
            AllowMultipleArgumentsPerToken = true,
        };
        var includeSeen = new Option<bool>("--include-seen") { Description = "Keep the items that the query had in training, whatever the bundle does without it." };
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items that the query had in training, whatever the bundle does without it." };
        var table = new TableOptions();
        var json = CommonOptions.Json();

        var command = new Command("recommend", "Ask a bundle for recommendations.") { bundle, query, similarTo, all, output, k, exclude, includeSeen, excludeSeen };
        foreach (var option in (Option[])[.. table.All, json])
        {
            command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            var asked = new[] { parsed.GetValue(query) is { Length: > 0 }, parsed.GetValue(similarTo) is not null, parsed.GetValue(all) is not null };
            if (asked.Count(one => one) != 1)
            {
                throw new UserException("Give one of --query, --similar-to and --all.");
            }

            var seen = (parsed.GetValue(includeSeen), parsed.GetValue(excludeSeen)) switch
            {
                (true, true) => throw new UserException("--include-seen and --exclude-seen ask for opposites. Leave one of them out."),
                (true, _) => false,
                (_, true) => true,
                _ => (bool?)null,
            };
            var target = TargetOf(parsed.GetValue(all) is not null, parsed.GetValue(output), parsed.GetValue(exclude) is { Length: > 0 });
            var directory = parsed.GetRequiredValue(bundle);
            using var recommender = BundleDescription.Read(directory).Kind != BundleKind.Ranker
                ? Recommender.Load(directory)
                : throw new UserException($"{directory} is the bundle of a ranking model, which scores rows and knows no items. Use 'dotrec predict'.");
            var request = new Request(
                recommender, parsed.GetValue(k), parsed.GetValue(exclude) ?? [], seen, parsed.GetValue(json));
            if (parsed.GetValue(all) is { } queries)
            {
                await AnswerAllAsync(request, queries, table.Read(parsed), target!, cancellation);
            }
            else
            {
                Answer(request, parsed.GetValue(query) ?? [], parsed.GetValue(similarTo));
            }
        });
        return command;
    }

    /// <summary>Where the answers go, checked before the work; null for a single query, whose answer is shown.</summary>
    private static string? TargetOf(bool all, string? output, bool excludes) => (all, output) switch
    {
        (false, null) => null,
        (false, _) => throw new UserException("--output is where the answers to --all go; the result of one query goes to --json."),
        (true, null) => throw new UserException("--all needs --output, a .csv or .parquet file."),
        _ when excludes => throw new UserException("--exclude is for one query; it does not go with --all."),
        _ when Destination.ProblemOfFile(output) is { } problem => throw new UserException($"--output {problem}"),
        _ => output,
    };

    private static void Answer(Request request, string[] query, string? similarTo)
    {
        var (recommender, k, _, excludeSeen, json) = request;
        var excluded = request.ExcludedIds();
        var options = new RecommendOptions { K = k, Exclude = excluded, ExcludeSeen = excludeSeen };
        var answer = similarTo is null
            ? recommender.Recommend(QueryArguments.Parse(query, recommender.QueryFeatures), options)
            : recommender.SimilarItems(request.ItemId(similarTo), options);

        if (Array.FindAll(excluded, id => recommender.Index.Ids.RowOf(id) < 0) is { Length: > 0 } strangers)
        {
            Terminal.Note($"--exclude names what the bundle does not hold: {string.Join(", ", strangers.Take(ShownIds))}{(strangers.Length > ShownIds ? ", …" : "")}.");
        }

        if (answer.IsUnknownQuery)
        {
            Terminal.Warn(answer.IsByPopularity
                ? "nothing is known of this query: these are the most popular items."
                : "nothing is known of this query: this is what the model recommends to anybody it does not know.");
        }

        if (answer.Count == 0)
        {
            Terminal.Warn(WhyEmpty(request, excluded, isQuery: similarTo is null));
        }

        Terminal.Table(
            ["#", recommender.Options.ItemIdColumn, .. recommender.Items.Columns.Select(column => column.Name), "score"],
            answer.Select((item, rank) => (string[])
                [$"{rank + 1}", $"{item.ItemId}", .. recommender.Items.Columns.Select(column => column.Text(item.Row)), FormattableString.Invariant($"{item.Score:F4}")]));
        ResultFile.Write(json, new JsonObject
        {
            ["command"] = "recommend",
            ["query"] = similarTo ?? string.Join(", ", query),
            ["unknownQuery"] = answer.IsUnknownQuery,
            ["recommendations"] = RecommendationJson.Of(answer),
        });
    }

    private static string WhyEmpty(Request request, ItemId[] excluded, bool isQuery)
    {
        var recommender = request.Recommender;
        var byName = excluded.Distinct().Count(id => recommender.Index.Ids.RowOf(id) >= 0);
        var reasons = new List<string>();
        if (isQuery && (request.ExcludeSeen ?? recommender.Options.ExcludeSeen))
        {
            reasons.Add("what the query had in training is left out (--include-seen keeps it)");
        }

        if (byName > 0)
        {
            reasons.Add(FormattableString.Invariant($"--exclude leaves out {byName:N0}"));
        }

        if (!isQuery)
        {
            reasons.Add("an item is not like itself");
        }

        return FormattableString.Invariant($"no item is left to recommend of the {recommender.Items.Ids.Count:N0} that the bundle holds{(reasons.Count > 0 ? $": {string.Join(", and ", reasons)}" : "")}.");
    }

    private static async Task AnswerAllAsync(Request request, string queries, CsvOptions layout, string output, CancellationToken cancellation)
    {
        var data = await QueryColumns.ReadAsync(queries, layout, request.Recommender, [], TerminalProgress.Notes(), cancellation);
        var rows = QueryColumns.Of(data, request.Recommender, queries);
        var options = new RecommendAllOptions
        {
            Recommend = new RecommendOptions { K = request.K, ExcludeSeen = request.ExcludeSeen },
            ItemColumns = [.. request.Recommender.Items.Columns.Select(column => column.Name)],
        };
        var answered = await ProgressBar.RunAsync(
            "answering", data.RowCount, progress => request.Recommender.RecommendAllAsync(rows, output, options, progress, cancellation));
        Terminal.Say($"{answered} queries answered: {output}");
        ResultFile.Write(request.Json, new JsonObject { ["command"] = "recommend", ["queries"] = answered, ["output"] = Path.GetFullPath(output) });
    }

    private sealed record Request(Recommender Recommender, int? K, string[] Exclude, bool? ExcludeSeen, string? Json)
    {
        public ItemId[] ExcludedIds() => Array.ConvertAll(Exclude, ItemId);

        /// <summary>An id as the index holds it.</summary>
        public ItemId ItemId(string text) => Recommender.Index.Ids.Type == ItemIdType.String
            ? text
            : long.TryParse(text, out var number) ? number : throw new UserException($"'{text}' is no item id: this bundle's ids are integers.");
    }
}

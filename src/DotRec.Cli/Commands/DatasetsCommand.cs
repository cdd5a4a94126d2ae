using System.CommandLine;
using System.CommandLine.Help;
using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Cli;

/// <summary><c>dotrec datasets</c>: lists public data sets, fetches them with a checksum, makes up one of their shape.</summary>
internal static class DatasetsCommand
{
    public static Command Create() => new("datasets", "List, fetch or make up data sets.") { Action = new HelpAction(), Subcommands = { List(), Get(), Generate() } };

    private static Command List()
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "The public data sets that can be fetched, with their terms.") { json };
        command.SetAction(parsed =>
        {
            using var client = new HttpClient();
            var cache = new DatasetCache(DatasetCache.DefaultFolder, client);
            Terminal.Table(
                ["name", "title", "ratings", "users", "movies", "MB", "here"],
                DatasetCatalog.All.Select(set => (string[])
                [
                    set.Name, set.Title, $"{set.RatingCount:N0}", $"{set.UserCount:N0}", $"{set.MovieCount:N0}",
                    FormattableString.Invariant($"{set.Length / 1e6:F1}"), cache.Contains(set) ? "yes" : "",
                ]));
            foreach (var set in DatasetCatalog.All)
            {
                Terminal.Say($"{set.Name}: {set.Licence} {set.Homepage}");
            }

            ResultFile.Write(parsed.GetValue(json), new JsonObject
            {
                ["command"] = "datasets list",
                ["datasets"] = new JsonArray([.. DatasetCatalog.All.Select(set => new JsonObject
                {
                    ["name"] = set.Name, ["title"] = set.Title, ["ratings"] = set.RatingCount, ["users"] = set.UserCount, ["movies"] = set.MovieCount,
                    ["bytes"] = set.Length, ["sha256"] = set.Sha256, ["licence"] = set.Licence, ["source"] = set.Source.ToString(),
                    ["path"] = cache.Contains(set) ? cache.PathOf(set) : null,
                })]),
            });
        });
        return command;
    }

    private static Command Get()
    {
        var name = new Argument<string>("name") { Description = "Name of the data set, as 'datasets list' shows it." };
        var json = CommonOptions.Json();
        var command = new Command("get", "Fetch a public data set; its checksum is verified.") { name, json };
        command.SetWork(async (parsed, cancellation) =>
        {
            var set = DatasetCatalog.Find(parsed.GetRequiredValue(name));
            using var client = new HttpClient();
            var cache = new DatasetCache(DatasetCache.DefaultFolder, client);
            Terminal.Say($"{set.Title}: {set.Licence}");
            var path = await ProgressBar.RunAsync(set.Name, set.Length, progress => cache.GetAsync(set, progress, cancellation));
            Terminal.Say($"{path}{Environment.NewLine}Train on it: dotrec quickstart --data {path}");
            ResultFile.Write(parsed.GetValue(json), new JsonObject { ["command"] = "datasets get", ["name"] = set.Name, ["path"] = path });
        });
        return command;
    }

    private static Command Generate()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder for ratings, movies and users (.parquet).", HelpName = "dir", Required = true };
        var users = new Option<int>("--users") { Description = "Number of users.", DefaultValueFactory = _ => new MovieLensGenerator().UserCount }.AtLeastOne();
        var movies = new Option<int>("--movies") { Description = "Number of movies.", DefaultValueFactory = _ => new MovieLensGenerator().MovieCount }.AtLeastOne();
        var ratings = new Option<int>("--ratings") { Description = "Number of ratings.", DefaultValueFactory = _ => new MovieLensGenerator().RatingCount }.AtLeastOne();
        var seed = CommonOptions.Seed(42);
        var json = CommonOptions.Json();
        var command = new Command("generate", "Make up a data set in the shape of MovieLens; the same seed gives the same data.") { output, users, movies, ratings, seed, json };
        command.SetWork(async (parsed, cancellation) =>
        {
            var data = new MovieLensGenerator
            {
                UserCount = parsed.GetValue(users),
                MovieCount = parsed.GetValue(movies),
                RatingCount = parsed.GetValue(ratings),
                Seed = parsed.GetValue(seed),
            }.Generate();
            var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output)).FullName;
            var written = new JsonArray();
            foreach (var (name, table) in new[] { ("ratings", data.Ratings), ("movies", data.Movies), ("users", data.Users!) })
            {
                var path = Path.Combine(folder, name + ".parquet");
                await ParquetFile.WriteAsync(table, path, cancellation);
                Terminal.Say($"{table.RowCount:N0} {name}: {path}");
                written.Add((JsonNode)path);
            }

            ResultFile.Write(parsed.GetValue(json), new JsonObject { ["command"] = "datasets generate", ["files"] = written });
        });
        return command;
    }
}

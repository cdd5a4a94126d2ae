using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DotRec.Cli.Tests;

public class CommandTests(SmallModel model) : IClassFixture<SmallModel>
{
    private static readonly string[] Ks = ["1", "10", "100", "5", "50"];

    [Fact]
    public async Task Train_writes_what_the_documentation_lists()
    {
        using var folder = new TemporaryFolder();
        var result = await Tool.ResultAsync(model.Train(folder["bundle"]));
        Assert.Equal(
            ["command", "data", "settings", "seed", "model", "modelSettings", "selection", "training", "excludesSeen", "test", "testExcludingSeen", "baselines", "coldStart", "timing", "totalSeconds", "bundle"],
            result.AsObject().Select(field => field.Key));
        Assert.Equal((1500, 60, 90), ((int)result["data"]!["interactions"]!, (int)result["data"]!["queries"]!, (int)result["data"]!["items"]!));
        Assert.Equal((2, 2, false), ((int)result["training"]!["epochs"]!, (int)result["training"]!["bestEpoch"]!, (bool)result["training"]!["stoppedEarly"]!));
        foreach (var report in (JsonNode[])[result["test"]!, result["testExcludingSeen"]!, result["baselines"]!["popularity"]!["test"]!, result["baselines"]!["popularity"]!["testExcludingSeen"]!])
        {
            Assert.Equal(Ks, report["hitRate"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));
            Assert.Equal(1.0, (double)report["hitRate"]!["100"]!["mean"]! + ((double)report["hitRate"]!["100"]!["std"]!), 0.05);
            Assert.InRange((double)report["ndcg"]!["10"]!["mean"]!, 0.001, (double)report["hitRate"]!["10"]!["mean"]!);
            Assert.Equal(150, (int)report["count"]!);
        }

        Assert.Null(result["baselines"]!["ease"]);
        Assert.True((double)result["timing"]!["trainExamplesPerSecond"]! > 0 && (double)result["totalSeconds"]! > 0);
        Assert.Equal(folder["bundle"], (string)result["bundle"]!);
    }

    [Fact]
    public async Task The_same_command_trains_the_same_model_and_a_checkpoint_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        await Tool.ResultAsync(model.Train(folder["a"]));
        await Tool.ResultAsync($"{model.Train(folder["b"])} --checkpoint {folder["state"]}");
        await Tool.ResultAsync($"{model.Train(folder["c"])} --checkpoint {folder["state"]}");
        var expected = await File.ReadAllBytesAsync(Path.Combine(folder["a"], "items.index"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Path.Combine(folder["b"], "items.index"), TestContext.Current.CancellationToken));
        Assert.Equal(expected, await File.ReadAllBytesAsync(Path.Combine(folder["c"], "items.index"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Validation_rows_stop_the_training_and_the_best_epoch_stays()
    {
        using var folder = new TemporaryFolder();
        var result = await Tool.ResultAsync($"{model.Train(folder["bundle"])} --epochs 60 --validation-fraction 0.2".Replace("--epochs 2 ", "", StringComparison.Ordinal));
        var training = result["training"]!;
        Assert.True((bool)training["stoppedEarly"]!);
        Assert.Equal((int)training["epochs"]! - 2, (int)training["bestEpoch"]!);
        Assert.Equal(0.2, (double)result["settings"]!["tailAverage"]!);
        Assert.Equal((int)Math.Ceiling((int)training["bestEpoch"]! / 0.9), (int)BundleDescription.Read(folder["bundle"]).Facts!["epochs"]!);
    }

    [Fact]
    public async Task Every_kind_of_feature_reaches_the_bundle_and_can_be_asked()
    {
        using var folder = new TemporaryFolder();
        await Tool.ResultAsync($"train --data {model.Csv} --model two-tower --query u --item i --query-features x t --numbers t --item-features l text --lists l --text text --split last --time t --output {folder["b"]}");
        using var recommender = Recommender.Load(folder["b"]);
        Assert.Equal(
            [new ColumnSchema("u", ColumnType.Int64), new("x", ColumnType.Float32), new("t", ColumnType.Int64)], recommender.QueryFeatures);
        Assert.Equal([new ColumnSchema("i", ColumnType.Int64), new("l", ColumnType.String, IsJagged: true), new("text", ColumnType.String)], recommender.ItemFeatures);
        var result = await Tool.ResultAsync($"recommend --bundle {folder["b"]} --query U=3 X=0.5 t=7 --include-seen -k 4");
        Assert.Equal(4, result["recommendations"]!.AsArray().Count);
        Assert.Contains(result["recommendations"]!.AsArray(), item => item!["l"]!.AsArray().Select(tag => ((string)tag!)[..1]).SequenceEqual(["a", "b"]));
    }

    [Fact]
    public async Task Train_does_not_know_who_only_held_out_rows_have()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(
            folder["d.csv"], ["u,i,t", .. Enumerable.Range(0, 90).Select(n => $"u{n % 9},i{n % 10},{n}"), .. Enumerable.Range(90, 10).Select(n => $"late,i{n % 10},{n}")], TestContext.Current.CancellationToken);
        await Tool.ResultAsync($"train --data {folder["d.csv"]} --query u --item i --split time --time t --output {folder["b"]}");
        using var recommender = Recommender.Load(folder["b"]);
        Assert.True(recommender.Recommend(new { u = "late" }).IsUnknownQuery);
        Assert.False(recommender.Recommend(new { u = "u3" }).IsUnknownQuery);
        Assert.True((bool)(await Tool.ResultAsync($"recommend --bundle {folder["b"]} --query u=late"))["unknownQuery"]!);
    }

    [Fact]
    public async Task Recommend_answers_as_the_library_does()
    {
        using var recommender = Recommender.Load(model.Bundle);
        await SameAsync("--query user_id=7", recommender.Recommend(new { user_id = "7" }));
        await SameAsync("--query user_id=7 --include-seen -k 3", recommender.Recommend(new { user_id = "7" }, new RecommendOptions { K = 3, ExcludeSeen = false }));
        await SameAsync("--query user_id=stranger", recommender.Recommend(new { user_id = "stranger" }));
        await SameAsync("--similar-to 5 -k 4", recommender.SimilarItems("5", new RecommendOptions { K = 4 }));
        var best = recommender.Recommend(new { user_id = "7" })[0].ItemId;
        await SameAsync($"--query user_id=7 --exclude {best}", recommender.Recommend(new { user_id = "7" }, new RecommendOptions { Exclude = [best] }));

        async Task SameAsync(string arguments, Recommendations expected)
        {
            var result = await Tool.ResultAsync($"recommend --bundle {model.Bundle} {arguments}");
            Assert.Equal(expected.IsUnknownQuery, (bool)result["unknownQuery"]!);
            Assert.Equal(expected.Select(item => $"{item.ItemId} {item.Score:R}"), result["recommendations"]!.AsArray().Select(item => $"{(string)item!["id"]!} {(float)item["score"]!:R}"));
            Assert.All(result["recommendations"]!.AsArray(), item => Assert.NotEmpty((string)item!["movie_title"]!));
        }
    }

    [Fact]
    public async Task All_queries_of_a_file_are_answered_the_same_into_Csv_and_Parquet()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])[folder["all.csv"], folder["all.parquet"]])
        {
            var result = await Tool.ResultAsync($"recommend --bundle {model.Bundle} --all {model.Users} --output {file} -k 3");
            Assert.Equal((60, file), ((int)result["queries"]!, (string)result["output"]!));
        }

        var csv = await File.ReadAllLinesAsync(folder["all.csv"], TestContext.Current.CancellationToken);
        var parquet = await ParquetFile.ReadAsync(folder["all.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(180 + 1, csv.Length);
        Assert.Equal(180, parquet.RowCount);
        Assert.Equal(csv[0].Split(','), parquet.Schema.Select(column => column.Name));
        Assert.Equal(csv.Skip(1).Select(line => line.Split(',')[2]), parquet.Get<string>("movie_id").Values.ToArray());
    }

    [Fact]
    public async Task Evaluate_counts_what_a_reader_of_the_lists_would_count()
    {
        var result = await Tool.ResultAsync($"evaluate --bundle {model.Bundle} --data {model.Ratings}");
        var ratings = await ParquetFile.ReadAsync(model.Ratings, cancellationToken: TestContext.Current.CancellationToken);
        using var recommender = Recommender.Load(model.Bundle);
        foreach (var (name, excludeSeen) in new[] { ("test", false), ("testExcludingSeen", true) })
        {
            var ranks = Enumerable.Range(0, ratings.RowCount).Select(row => 1 + recommender
                .Recommend(new { user_id = ratings.Get<string>("user_id").Values[row] }, new RecommendOptions { K = 100, ExcludeSeen = excludeSeen })
                .Select(item => item.ItemId.Text).ToList().IndexOf(ratings.Get<string>("movie_id").Values[row])).ToArray();
            var expected = RetrievalMetrics.FromRanks(ranks, [1, 5, 10, 50, 100]);
            Assert.All(expected.HitRate, pair => Assert.Equal(pair.Value, (double)result[name]!["hitRate"]![$"{pair.Key}"]!, 12));
            Assert.All(expected.Ndcg, pair => Assert.Equal(pair.Value, (double)result[name]!["ndcg"]![$"{pair.Key}"]!, 12));
            Assert.Equal(expected.MeanReciprocalRank, (double)result[name]!["mrr"]!, 12);
        }

        Assert.Equal((1500, 0), ((int)result["rows"]!, (int)result["unknownItems"]!));
    }

    [Fact]
    public async Task Popularity_stands_beside_a_bundle_with_the_figures_of_its_training()
    {
        using var folder = new TemporaryFolder();
        var trained = await Tool.ResultAsync($"{model.Train(folder["bundle"])} --export-split {folder["split"]} --export-ranks {folder["ranks.csv"]}");
        var result = await Tool.ResultAsync($"evaluate --bundle {folder["bundle"]} --data {folder["split"]}/test.parquet --export-ranks {folder["again.parquet"]}");
        Assert.Equal((150, 150, true), ((int)result["rows"]!, (int)result["measuredRows"]!, (bool)result["excludesSeen"]!));
        foreach (var report in (string[])["test", "testExcludingSeen"])
        {
            foreach (var k in Ks)
            {
                Assert.Equal((double)trained["baselines"]!["popularity"]![report]!["hitRate"]![k]!["mean"]!, (double)result["baselines"]!["popularity"]![report]!["hitRate"]![k]!, 12);
                Assert.Equal((double)trained[report]!["hitRate"]![k]!["mean"]!, (double)result[report]!["hitRate"]![k]!, 12);
            }
        }

        // Ranks by the bundle's lists of 100 are all there are of 90 items.
        var (ranks, again) = (Csv.Read(folder["ranks.csv"]), await ParquetFile.ReadAsync(folder["again.parquet"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(150, ranks.RowCount);
        Assert.Equal(ranks.Get<long>("rank").Values.ToArray(), again.Get<long>("rank").Values.ToArray());
        Assert.Equal(ranks.Get<long>("popularity_rank_excluding_seen").Values.ToArray(), again.Get<long>("popularity_rank_excluding_seen").Values.ToArray());
    }

    [Fact]
    public async Task A_split_that_is_exported_trains_the_same_model_and_without_a_test_none_is_measured()
    {
        using var folder = new TemporaryFolder();
        var first = await Tool.ResultAsync($"{model.Train(folder["a"])} --export-split {folder["split"]}");
        Assert.Equal(["test.parquet", "train.parquet"], Directory.GetFiles(folder["split"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var data = $"train --data {folder["split"]}/train.parquet --query user_id --item movie_id --items {model.Movies} --model two-tower --epochs 2 --batch-size 256";
        var again = await Tool.ResultAsync($"{data} --test {folder["split"]}/test.parquet --output {folder["b"]}");
        Assert.Equal(first["test"]!.ToJsonString(), again["test"]!.ToJsonString());
        Assert.Equal(first["baselines"]!.ToJsonString(), again["baselines"]!.ToJsonString());

        var untested = await Tool.ResultAsync($"{data} --split none --output {folder["c"]}");
        Assert.Null(untested["test"]);
        Assert.Null(untested["baselines"]!["popularity"]);
        var expected = await File.ReadAllBytesAsync(Path.Combine(folder["b"], "items.index"), TestContext.Current.CancellationToken);
        Assert.Equal(expected, await File.ReadAllBytesAsync(Path.Combine(folder["c"], "items.index"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_bundle_of_sessions_gives_the_same_item_again_unless_it_is_told_otherwise()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(
            folder["d.csv"], ["last,next", .. Enumerable.Range(0, 1500).Select(n => $"{n % 30},{((n % 30) + 1 + (n / 30 % 2)) % 30}")], TestContext.Current.CancellationToken);
        var train = $"train --data {folder["d.csv"]} --query last --item next --model two-tower --epochs 6 --batch-size 64";
        Assert.False((bool)(await Tool.ResultAsync($"{train} --output {folder["b"]}"))["excludesSeen"]!);
        var ask = $"recommend --bundle {folder["b"]} --query last=7 -k 2";
        Assert.Equal([8, 9], (await IdsAsync(ask)).Order());
        Assert.Equal([8, 9], (await IdsAsync($"{ask} --include-seen")).Order());
        Assert.Empty((await IdsAsync($"{ask} --exclude-seen")).Intersect([8, 9]));
        Assert.True((bool)(await Tool.ResultAsync($"{train} --seen exclude --output {folder["c"]}"))["excludesSeen"]!);
        Assert.Empty((await IdsAsync(ask.Replace(folder["b"], folder["c"], StringComparison.Ordinal))).Intersect([8, 9]));

        static async Task<int[]> IdsAsync(string command) => [.. (await Tool.ResultAsync(command))["recommendations"]!.AsArray().Select(item => (int)item!["id"]!)];
    }

    [Fact]
    public async Task Export_writes_the_models_of_a_bundle()
    {
        using var folder = new TemporaryFolder();
        var result = await Tool.ResultAsync($"export --bundle {model.Bundle} --onnx {folder["onnx"]}");
        Assert.Equal(["query", "item"], result["models"]!.AsArray().Select(one => (string)one!["part"]!));
        var query = result["models"]![0]!;
        Assert.Equal(("user_id", "String", "batch"), ((string)query["inputs"]![0]!["name"]!, (string)query["inputs"]![0]!["type"]!, (string)query["inputs"]![0]!["shape"]![0]!));
        using var session = new InferenceSession((string)query["path"]!);
        using var answers = session.Run(
            [NamedOnnxValue.CreateFromTensor("user_id", new DenseTensor<string>((string[])["7", "stranger"], [2]))], [(string)query["outputs"]![0]!["name"]!]);
        using var recommender = Recommender.Load(model.Bundle);
        float[] expected = [.. recommender.EmbedQuery(new { user_id = "7" }), .. recommender.EmbedQuery(new { user_id = "stranger" })];
        Assert.All(expected.Zip(answers[0].AsEnumerable<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public async Task Inspect_tells_bundles_indexes_and_data_apart()
    {
        var bundle = await Tool.ResultAsync($"inspect {model.Bundle}");
        Assert.Equal(("bundle", 10), ((string)bundle["kind"]!, (int)bundle["manifest"]!["k"]!));
        var index = await Tool.ResultAsync($"inspect {Path.Combine(model.Bundle, "items.index")}");
        Assert.Equal(("index", 90, 32, "Dot", true), ((string)index["kind"]!, (int)index["items"]!, (int)index["dimension"]!, (string)index["scoreFunction"]!, (bool)index["isExact"]!));
        var data = await Tool.ResultAsync($"inspect {model.Movies}");
        Assert.Equal(("data", 90), ((string)data["kind"]!, (int)data["rows"]!));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{ "name": "genres", "type": "String", "isList": true }"""), data["columns"]!.AsArray()[2]));
    }

    [Fact]
    public async Task Data_sets_are_listed_with_checksum_and_terms()
    {
        var result = await Tool.ResultAsync("datasets list");
        Assert.All(result["datasets"]!.AsArray(), set => Assert.True(((string)set!["sha256"]!).Length == 64 && ((string)set["licence"]!).Length > 0 && (long)set["bytes"]! > 0));
    }
}

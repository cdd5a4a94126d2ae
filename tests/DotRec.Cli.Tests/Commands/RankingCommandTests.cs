using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Cli.Tests;

/// <summary>From a file of labels to a bundle, its figures and its scores, without code.</summary>
public sealed class RankingCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dcn")]
    [InlineData("dcn-parallel")]
    [InlineData("field-aware")]
    [InlineData("dlrm")]
    [InlineData("wide-deep")]
    [InlineData("mlp")]
    public async Task A_trained_model_beats_the_regression_on_products_of_features_and_its_bundle_scores_alike(string network)
    {
        var (train, test) = (_folder.Write("train.csv", ClickFile.Header, ClickFile.Rows(3000)), _folder.Write("test.csv", ClickFile.Header, ClickFile.Rows(1000, seed: 2)));
        var result = await Tool.ResultAsync($"train --task ranking --data {train} --test {test} --label clicked --model {network} --epochs 15 --learning-rate 0.005 --output {_folder["bundle"]}");
        Assert.InRange(Auc(result["test"]!), 0.85, 1);
        Assert.InRange(Auc(result["baselines"]!["regression"]!), 0.4, 0.65);
        Assert.Equal(0.5, Auc(result["baselines"]!["constant"]!));
        Assert.Equal("yes", (string)result["data"]!["label"]!["positive"]!);
        Assert.Equal(["category", "category", "number"], result["data"]!["columns"]!.AsArray().Select(column => (string)column!["kind"]!));

        var evaluated = await Tool.ResultAsync($"evaluate --bundle {_folder["bundle"]} --data {test}");
        Assert.Equal(Auc(result["test"]!), Auc(evaluated["test"]!), 1e-4);
        Assert.Equal((double)result["test"]!["logLoss"]!, (double)evaluated["test"]!["logLoss"]!, 1e-4);
        Assert.Equal((double)result["baselines"]!["constant"]!["logLoss"]!, (double)evaluated["baselines"]!["constant"]!["logLoss"]!, 1e-12);
    }

    [Fact]
    public async Task Networks_are_compared_by_default_and_the_report_says_which_was_chosen_and_why()
    {
        var train = _folder.Write("all.csv", ClickFile.Header, ClickFile.Rows(1200));
        var result = await Tool.ResultAsync($"train --task ranking --data {train} --label clicked --search-seconds 40 --output {_folder["bundle"]}");
        var selection = result["selection"]!;
        Assert.Equal(["logistic", "wide-deep", "dcn", "field-aware"], selection["candidates"]!.AsArray().Select(candidate => (string)candidate!["name"]!));
        Assert.Equal(("log loss", 40.0, 108), ((string)selection["metric"]!, (double)selection["budgetSeconds"]!, (int)selection["validationRows"]!));
        var chosen = selection["candidates"]!.AsArray().Single(candidate => (string)candidate!["name"]! == (string)selection["chosen"]!)!;
        Assert.Equal((string)result["settings"]!["network"]!, (string)chosen["name"]!);
        Assert.Equal((double)result["validation"]!["logLoss"]!, (double)chosen["figure"]!, 1e-5);
        Assert.Contains((string)chosen["name"]!, (string)selection["reason"]!, StringComparison.Ordinal);
        Assert.Null((await Tool.ResultAsync($"train --task ranking --data {train} --label clicked --model mlp --epochs 2 --output {_folder["bundle"]}"))["selection"]);
    }

    [Fact]
    public async Task The_order_of_the_rows_of_a_query_is_measured_and_the_split_exported()
    {
        var rows = ClickFile.Rows(600).Select((row, n) => $"{row},{n % 30},{n}");
        var data = _folder.Write("visits.csv", ClickFile.Header + ",visit,at", rows);
        var train = $"train --task ranking --label clicked --epochs 2 --query visit --ignore visit at --output {_folder["bundle"]}";
        var result = await Tool.ResultAsync($"{train} --data {data} --split last --time at --export-split {_folder["split"]}");
        Assert.Equal((30, 570, 30), ((int)result["data"]!["testRows"]!, (int)result["data"]!["trainingRows"]!, (await RowsAsync("validation")).RowCount));
        Assert.Equal(["1", "10", "5"], result["test"]!["queries"]!["ndcg"]!.AsObject().Select(one => one.Key).Order(StringComparer.Ordinal));

        // One row of each query has no order.
        Assert.All((string[])["mrr", "map", "auc"], figure => Assert.Null(result["test"]!["queries"]![figure]));
        Assert.Null(result["test"]!["queries"]!["ndcg"]!["10"]);
        Assert.Equal((570, 30), ((await RowsAsync("train")).RowCount, (await RowsAsync("test")).RowCount));

        // The parts are read as they are, and none held out leaves nothing measured.
        var again = await Tool.ResultAsync($"{train} --data {_folder["split"]}/train.parquet --test {_folder["split"]}/test.parquet");
        Assert.Equal(30, (int)again["data"]!["testRows"]!);
        var ordered = await Tool.ResultAsync($"{train} --data {data} --test-fraction 0.3");
        Assert.InRange((double)ordered["test"]!["queries"]!["mrr"]!, 0.01, 1);
        var untested = await Tool.ResultAsync($"{train} --data {data} --split none");
        Assert.Null(untested["test"]);
        Assert.Null(untested["baselines"]!["constant"]);
        Assert.NotNull(untested["validation"]!["logLoss"]);

        Task<FeatureBatch> RowsAsync(string part) => ParquetFile.ReadAsync(Path.Combine(_folder["split"], part + ".parquet"), cancellationToken: TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task A_file_that_spells_columns_otherwise_is_scored_and_measured_alike(string format)
    {
        var rows = ClickFile.Rows(300);
        var train = _folder.Write("train.csv", "Home_City,AGE,noise,Clicked", rows);
        await Tool.ResultAsync($"train --task ranking --data {train} --label clicked --numbers age --ignore NOISE --epochs 1 --output {_folder["bundle"]}");
        var expected = await Tool.ResultAsync($"evaluate --bundle {_folder["bundle"]} --data {train}");

        var other = format == "csv"
            ? _folder.Write("other.csv", "home-city,age,noise,clicked", rows)
            : _folder.Write("other.json", "[", [string.Join(",\n", rows.Select(row => row.Split(',')).Select(row => $$"""{"home-city":"{{row[0]}}","age":{{row[1]}},"clicked":"{{row[3]}}"}""")), "]"]);
        var evaluated = await Tool.ResultAsync($"evaluate --bundle {_folder["bundle"]} --data {other}");
        Assert.Equal((double)expected["test"]!["logLoss"]!, (double)evaluated["test"]!["logLoss"]!, 1e-12);
        Assert.Equal((0, ""), await Tool.RunAsync($"predict --bundle {_folder["bundle"]} --data {other} --output {_folder["scored.csv"]}"));
        var scored = Csv.Read(_folder["scored.csv"]);
        Assert.Equal((300, "home-city", "score"), (scored.RowCount, scored.Columns[0].Name, scored.Columns[^1].Name));
    }

    [Fact]
    public async Task Predictions_stand_beside_the_rows_as_they_were_written_in_csv_and_parquet()
    {
        var train = _folder.Write("train.csv", ClickFile.Header, ClickFile.Rows(500));
        await Tool.ResultAsync($"train --task ranking --data {train} --label clicked --model logistic --epochs 2 --output {_folder["bundle"]}");
        var rows = _folder.Write("rows.csv", "id,noise,age,city,note", ["007,0.10,30,town 1,\"a, b\"", "008,,99,nowhere,"]);
        Assert.Equal(2, (int)(await Tool.ResultAsync($"predict --bundle {_folder["bundle"]} --data {rows} --output {_folder["out.csv"]}"))["rows"]!);
        var lines = await File.ReadAllLinesAsync(_folder["out.csv"], TestContext.Current.CancellationToken);
        Assert.Equal("id,noise,age,city,note,score", lines[0]);
        Assert.StartsWith("007,0.10,30,town 1,\"a, b\",0.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("008,,99,nowhere,,0.", lines[2], StringComparison.Ordinal);

        Assert.Equal((0, ""), await Tool.RunAsync($"predict --bundle {_folder["bundle"]} --data {rows} --output {_folder["out.parquet"]} --score-column p"));
        var table = await ParquetFile.ReadAsync(_folder["out.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Csv.Read(_folder["out.csv"]).Get<float>("score").Values, table.Get<float>("p").Values);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(rows)!, "*.tmp"));
    }

    [Fact]
    public async Task Numbers_are_predicted_by_squared_error()
    {
        var rows = Enumerable.Range(0, 2000).Select(n => FormattableString.Invariant($"u{n % 20},{n % 7}.5,{(n % 20 / 10.0) + (n % 7)}"));
        var data = _folder.Write("ratings.csv", "user,x,rating", rows);
        var result = await Tool.ResultAsync($"train --task ranking --data {data} --label rating --epochs 60 --learning-rate 0.01 --output {_folder["bundle"]}");
        Assert.InRange((double)result["test"]!["rmse"]!, 0, 0.5);
        Assert.InRange((double)result["baselines"]!["constant"]!["rmse"]!, 1.5, 2.5);
        Assert.Null(result["data"]!["label"]!["positive"]);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_scores_and_an_interrupted_training_goes_on()
    {
        var data = _folder.Write("train.csv", ClickFile.Header, ClickFile.Rows(500));
        var command = $"train --task ranking --data {data} --label clicked --validation-fraction 0.2";
        var once = await Tool.ResultAsync($"{command} --epochs 4 --output {_folder["a"]}");
        var again = await Tool.ResultAsync($"{command} --epochs 4 --output {_folder["b"]} --checkpoint {_folder["state"]}");
        Assert.Equal(once["test"]!.ToJsonString(), again["test"]!.ToJsonString());
        var resumed = await Tool.ResultAsync($"{command} --epochs 4 --output {_folder["c"]} --checkpoint {_folder["state"]}");
        Assert.Equal(once["test"]!.ToJsonString(), resumed["test"]!.ToJsonString());
    }

    [Fact]
    public async Task The_latest_rows_are_held_out_by_times_written_as_text()
    {
        var rows = Enumerable.Range(0, 100).Select(n => FormattableString.Invariant($"2020-01-01 00:{n / 60:00}:{n % 60:00},{n % 3},{(n >= 80 ? 1 : n % 2)}")).Reverse();
        var data = _folder.Write("timed.csv", "at,x,label", rows);
        var result = await Tool.ResultAsync($"train --task ranking --data {data} --label label --split time --time at --test-fraction 0.2 --epochs 1 --output {_folder["bundle"]}");
        Assert.Equal(1, (double)result["test"]!["labelMean"]!, 1e-9);
        Assert.Null(result["test"]!["auc"]);
        Assert.Equal(["x"], result["data"]!["columns"]!.AsArray().Select(column => (string)column!["name"]!));
    }

    [Fact]
    public async Task A_file_without_a_header_has_numbered_columns_or_given_ones()
    {
        var rows = ClickFile.Rows(300);
        var data = _folder.Write("rows.tsv", rows[0].Replace(',', '\t'), rows.Skip(1).Select(row => row.Replace(',', '\t')));
        var numbered = await Tool.ResultAsync($"train --task ranking --data {data} --no-header --label column4 --epochs 1 --output {_folder["a"]}");
        var named = await Tool.ResultAsync($"train --task ranking --data {data} --columns a b c d --label d --epochs 1 --output {_folder["b"]}");
        Assert.Equal(300, (int)numbered["data"]!["rows"]!);
        Assert.Equal((double)numbered["test"]!["auc"]!, (double)named["test"]!["auc"]!);
    }

    [Fact]
    public async Task Copies_of_training_rows_in_the_test_are_counted()
    {
        var rows = ClickFile.Rows(50);
        var data = _folder.Write("twice.csv", ClickFile.Header, rows.Concat(rows).Concat(rows).Concat(rows));
        var result = await Tool.ResultAsync($"train --task ranking --data {data} --label clicked --epochs 1 --output {_folder["bundle"]}");
        Assert.Equal(20, (int)result["data"]!["repeatedTestRows"]!);
        var fresh = _folder.Write("fresh.csv", ClickFile.Header, ClickFile.Rows(30, seed: 5));
        Assert.Equal(0, (int)(await Tool.ResultAsync($"train --task ranking --data {data} --test {fresh} --label clicked --epochs 1 --output {_folder["bundle"]}"))["data"]!["repeatedTestRows"]!);
    }

    [Fact]
    public async Task A_number_may_be_missing_in_test_rows_where_none_is_in_training_rows()
    {
        static string[] Rows(int count) => [.. Enumerable.Range(0, count).Select(n => FormattableString.Invariant($"{n * n * 7919L % 100_003},{n % 2}"))];
        var (train, test) = (_folder.Write("train.csv", "amount,clicked", Rows(300)), _folder.Write("test.csv", "amount,clicked", [.. Rows(20), ",1"]));
        var result = await Tool.ResultAsync($"train --task ranking --data {train} --test {test} --label clicked --epochs 1 --output {_folder["bundle"]}");
        Assert.Equal("number", (string)result["data"]!["columns"]![0]!["kind"]!);
        Assert.Equal(21, (int)result["data"]!["testRows"]!);
    }

    [Fact]
    public async Task Inspect_shows_a_ranking_bundle()
    {
        var data = _folder.Write("train.csv", ClickFile.Header, ClickFile.Rows(200));
        await Tool.ResultAsync($"train --task ranking --data {data} --label clicked --epochs 1 --output {_folder["bundle"]}");
        var manifest = (await Tool.ResultAsync($"inspect {_folder["bundle"]}"))["manifest"]!;
        Assert.Equal("ranker", (string)manifest["kind"]!);
        Assert.Equal("clicked", (string)manifest["labelColumn"]!);
        Assert.True(manifest["metrics"]!.AsObject().ContainsKey("test.auc"));
    }

    private static double Auc(JsonNode figures) => (double)figures["auc"]!;
}

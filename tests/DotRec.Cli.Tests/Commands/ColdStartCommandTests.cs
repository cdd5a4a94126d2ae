using System.Text.Json.Nodes;
using DotRec.Serving;

namespace DotRec.Cli.Tests;

/// <summary>New items, weights, labels and lists of choices through the tool.</summary>
public sealed class ColdStartCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Train => $"train --data {_folder["shown.csv"]} --query user --item film --model two-tower --epochs 4 --batch-size 32 --dimension 8 --output {_folder["bundle"]}";

    public ColdStartCommandTests() => File.WriteAllLines(
        _folder["shown.csv"],
        ["user,film,genre,click,seconds", .. Enumerable.Range(0, 600).Select(n => $"u{n % 40},f{Film(n)},g{Film(n) % 4},{(n % 3 == 0 ? 0 : 1)},{1 + (n % 7)}")]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Items_held_out_as_a_whole_are_reported_beside_what_knows_nothing_of_them_and_a_bundle_is_measured_alike()
    {
        var trained = (await Tool.ResultAsync($"{Train} --item-features genre --split cold-items --test-fraction 0.25 --id-dropout 0.3 --export-split {_folder["split"]}"))["coldStart"]!;
        Assert.Equal(("items", 8), ((string)trained["new"]!, (int)trained["newCount"]!));
        Assert.Equal(["random", "popularity", "content", "two-tower"], trained["results"]!.AsArray().Select(result => (string)result!["name"]!));

        var measured = (await Tool.ResultAsync($"evaluate --bundle {_folder["bundle"]} --data {Path.Combine(_folder["split"], "test.parquet")}"))["coldStart"]!;
        Assert.Equal((int)trained["rows"]!, (int)measured["rows"]!);
        Assert.Equal(Figures(trained), Figures(measured));
        Assert.Null((await Tool.ResultAsync($"evaluate --bundle {_folder["bundle"]} --data {Path.Combine(_folder["split"], "train.parquet")}"))["coldStart"]);

        static string Figures(JsonNode report) => report["results"]!.AsArray()[^1]!["amongNew"]!["hitRate"]!.ToJsonString();
    }

    [Fact]
    public async Task Labels_and_weights_reach_the_training()
    {
        var plain = await Tool.ResultAsync($"{Train} --split none");
        Assert.Equal(600, (int)plain["data"]!["interactions"]!);
        var clicks = await Tool.ResultAsync($"{Train} --split none --label click --weight seconds");
        Assert.Equal((400, "click", "seconds"), ((int)clicks["data"]!["interactions"]!, (string)clicks["settings"]!["label"]!, (string)clicks["settings"]!["weight"]!));
        using var recommender = Recommender.Load(_folder["bundle"]);
        Assert.Equal(400, recommender.Popularity!.Sum());
    }

    [Fact]
    public async Task Rows_of_several_items_are_as_many_choices()
    {
        await File.WriteAllLinesAsync(_folder["shown.csv"], ["user,film", .. Enumerable.Range(0, 60).Select(n => $"u{n % 20},f{n % 9}|f{(n + 4) % 9}")], TestContext.Current.CancellationToken);
        var result = await Tool.ResultAsync($"{Train} --lists film");
        Assert.Equal((120, 9), ((int)result["data"]!["interactions"]!, (int)result["data"]!["items"]!));
    }

    [Theory]
    [InlineData("--label seconds", "has more than two values; a label says whether the row's item was chosen, such as 1 and 0.")]
    [InlineData("--positive 1", "--positive '1' says which label stands for chosen, and no --label names the column.")]
    [InlineData("--weight genre", "cannot hold weights: they are numbers from 0 on")]
    [InlineData("--weight dwell", "has no column 'dwell' of weights.")]
    [InlineData("--id-dropout 1", "--id-dropout is 1; it is a share of the ids from 0 to below 1.")]
    [InlineData("--label click --negative-weight -1", "--negative-weight is -1; 0 or a positive number is needed.")]
    [InlineData("--split cold-things", "--split")]
    public async Task A_wrong_option_says_what_to_change(string arguments, string message)
    {
        var (code, error) = await Tool.RunAsync($"{Train} {arguments}");
        Assert.Equal((int)ExitCode.User, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    // Half of the forty users like even genres, the others odd ones.
    private static int Film(int n) => (((n % 40) + (5 * (n / 40))) % 16 * 2) + (n % 2);
}

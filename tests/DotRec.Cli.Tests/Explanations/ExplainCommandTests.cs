using System.Text;
using System.Xml.Linq;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Cli.Tests;

public sealed class ExplainCommandTests(SmallRanker model) : IClassFixture<SmallRanker>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trained_bundle_shows_its_crosses_without_any_data()
    {
        var result = await Tool.ResultAsync($"explain --bundle {model.Bundle}");
        using var ranker = Ranker.Load(model.Bundle);
        var crosses = CrossWeights.Read(ranker.Options.ExtraFiles[CrossWeights.FileName]);
        var expected = crosses.StrongestPairs();
        Assert.Equal(expected.Count, result["crosses"]!["pairs"]!.AsArray().Count);
        Assert.Equal((expected[0].First, expected[0].Second, expected[0].Strength), (
            (string)result["crosses"]!["pairs"]![0]!["first"]!, (string)result["crosses"]!["pairs"]![0]!["second"]!, (double)result["crosses"]!["pairs"]![0]!["strength"]!));
        Assert.Equal(crosses.BlockNorms(), result["crosses"]!["blockNorms"]!.AsArray().SelectMany(row => row!.AsArray()).Select(value => (double)value!));
        Assert.Equal(crosses.Layers.Count, result["crosses"]!["layers"]!.AsArray().Count);
        Assert.Null(result["importance"]);
        var cuts = Assert.Single(result["cuts"]!.AsArray())!;
        var facts = Assert.Single(ranker.Options.Facts!["cuts"]!.AsArray())!;
        Assert.Equal("noise", (string)cuts["column"]!);
        Assert.Equal(facts.ToJsonString(), cuts.ToJsonString());
        Assert.True((double)cuts["least"]! < (double)cuts["greatest"]!);
        Assert.Equal("rms", (string)(await Tool.ResultAsync($"explain --bundle {model.Bundle} --norm rms"))["crosses"]!["norm"]!);
    }

    [Fact]
    public async Task The_column_that_tells_the_label_is_the_most_important_one_and_the_page_has_all_of_it()
    {
        using var folder = new TemporaryFolder();
        var result = await Tool.ResultAsync($"explain --bundle {model.Bundle} --data {model.Data} --row 2 5 --repeats 3 --output {folder["page.html"]}");
        var worse = result["importance"]!["features"]!.AsArray().ToDictionary(feature => (string)feature!["feature"]!, feature => (double)feature!["worseBy"]!["AUC"]!["mean"]!, StringComparer.Ordinal);
        Assert.Equal(["colour", "noise", SmallRanker.Awkward], worse.Keys.Order(StringComparer.Ordinal));
        Assert.True(worse["colour"] > 0.2 && worse["colour"] > 4 * Math.Abs(worse["noise"]), result.ToJsonString());
        Assert.Equal(600, (int)result["importance"]!["rows"]!);

        using var ranker = Ranker.Load(model.Bundle);
        var data = Csv.Read(model.Data);
        foreach (var (explained, row) in result["rows"]!.AsArray().Zip((int[])[2, 5]))
        {
            Assert.Equal(row, (int)explained!["row"]!);
            var prediction = ranker.Predict(new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["colour"] = data.Get<string>("colour").Values[row - 1],
                ["noise"] = data.Get<float>("noise").Values[row - 1],
                [SmallRanker.Awkward] = data.Get<string>(SmallRanker.Awkward).Values[row - 1],
            });
            Assert.Equal(prediction, (double)explained["prediction"]!, 1e-6);
            Assert.Equal((double)explained["prediction"]! - (double)explained["baseline"]!, explained["contributions"]!.AsArray().Sum(one => (double)one!["contribution"]!), 1e-5);
        }

        var page = XDocument.Parse((await File.ReadAllTextAsync(folder["page.html"], Token)).Split('\n', 2)[1]);
        Assert.All((string[])["Crosses", "Numbers", "Importance", "Single predictions"], heading => Assert.Contains(page.Descendants("h2"), element => element.Value == heading));
        Assert.All(["colour", "noise", SmallRanker.Awkward], name => Assert.Contains(page.Descendants("td"), cell => cell.Value == name));
        Assert.Equal(["Row 2", "Row 5"], page.Descendants("h3").Where(heading => heading.Value.StartsWith("Row", StringComparison.Ordinal)).Select(heading => heading.Value.Split(':')[0]));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" && !attribute.Value.StartsWith("data:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_picture_shows_the_heat_maps_of_the_bundle()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, ""), await Tool.RunAsync($"explain --bundle {model.Bundle} --output {folder["a.svg"]}"));
        using var ranker = Ranker.Load(model.Bundle);
        var crosses = CrossWeights.Read(ranker.Options.ExtraFiles[CrossWeights.FileName]);
        Assert.Equal(CrossPicture.Svg(crosses, BlockNorm.Frobenius), await File.ReadAllTextAsync(folder["a.svg"], Token));
    }

    [Fact]
    public async Task Columns_of_a_group_are_one_feature()
    {
        var result = await Tool.ResultAsync($"explain --bundle {model.Bundle} --data {model.Data} --group colour,noise --row 1 --repeats 1 --sample 100 --background 10");
        Assert.Equal(["colour + noise", SmallRanker.Awkward], result["importance"]!["features"]!.AsArray().Select(feature => (string)feature!["feature"]!));
        Assert.Equal(100, (int)result["importance"]!["rows"]!);
        Assert.Contains(", ", (string)result["rows"]![0]!["contributions"]![0]!["value"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_without_crosses_has_importance_and_no_picture()
    {
        using var folder = new TemporaryFolder();
        using (var ranker = new Ranker(Plain().Export(), new RankerOptions { LabelColumn = "bought", Score = ScoreMeaning.Probability }))
        {
            ranker.Save(folder["plain"]);
        }

        var result = await Tool.ResultAsync($"explain --bundle {folder["plain"]} --data {model.Data} --repeats 1");
        Assert.Null(result["crosses"]);
        Assert.Single(result["importance"]!["features"]!.AsArray());
        Assert.Equal((0, ""), await Tool.RunAsync($"explain --bundle {folder["plain"]} --output {folder["plain.html"]}"));
        await RefusedAsync($"--bundle {folder["plain"]} --output {folder["plain.svg"]}", ExitCode.User, ".html");
    }

    [Fact]
    public async Task Mistakes_are_told_in_one_line()
    {
        await RefusedAsync($"--bundle {model.Bundle} --row 1", ExitCode.User, "--data");
        await RefusedAsync($"--bundle {model.Bundle} --data {model.Data} --row 0", ExitCode.User, "1 to 600");
        await RefusedAsync($"--bundle {model.Bundle} --data {model.Data} --row 601", ExitCode.User, "1 to 600");
        await RefusedAsync($"--bundle {model.Bundle} --data {model.Data} --label nothing", ExitCode.User, "'nothing'");
        await RefusedAsync($"--bundle {model.Bundle} --data {model.Data} --label colour", ExitCode.Data, "label");
        await RefusedAsync($"--bundle {model.Bundle} --data {model.Data} --group colour,colour", ExitCode.User, "'colour'");
        await RefusedAsync($"--bundle {model.Bundle} --output picture.png", ExitCode.User, ".html or .svg");
        await RefusedAsync($"--bundle {model.Bundle} --norm other", ExitCode.User, "frobenius");
        await RefusedAsync("--bundle /nowhere/at/all", ExitCode.Data, "/nowhere/at/all");
    }

    [Fact]
    public async Task Damaged_cross_weights_are_told_by_their_file()
    {
        using var folder = new TemporaryFolder();
        var files = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) { [CrossWeights.FileName] = Encoding.UTF8.GetBytes("{\"format\":\"x\"}") };
        using (var ranker = new Ranker(Plain().Export(), new RankerOptions { ExtraFiles = files }))
        {
            ranker.Save(folder["broken"]);
        }

        await RefusedAsync($"--bundle {folder["broken"]}", ExitCode.Data, "crosses.json");
    }

    private RankingModel Plain() => new(new MlpNetwork(Fields.Of(Csv.Read(model.Data), ["colour"]), [4]), "bought");

    private static async Task RefusedAsync(string arguments, ExitCode code, string expected)
    {
        var (actual, error) = await Tool.RunAsync("explain " + arguments);
        Assert.Equal(((int)code, 1), (actual, error.TrimEnd().Split('\n').Length));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}

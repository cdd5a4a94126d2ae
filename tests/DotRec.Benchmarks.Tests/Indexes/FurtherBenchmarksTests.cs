using System.Text.Json.Nodes;

namespace DotRec.Benchmarks.Tests;

public class FurtherBenchmarksTests
{
    private const string Small = "index --synthetic 6000,16 --mixture spectral --held-out 80 --passes 2 --target 0.9";

    [Fact]
    public async Task Filters_are_measured_against_exact_answers()
    {
        var result = await Tool.ResultAsync($"{Small} --filter --selectivity 50,5,.05");
        var filters = result["filters"]!.AsArray();
        Assert.Equal(
            [
                ("none", 100), ("random", 50), ("random", 5), ("random", .05),
                ("category-near", 50), ("category-far", 50), ("category-near", 5), ("category-mid", 5), ("category-far", 5), ("category-near", .05), ("category-mid", .05), ("category-far", .05),
                ("unlike", 50), ("unlike", 5), ("unlike", .05), ("like", 50), ("like", 5), ("like", .05),
            ],
            filters.Select(one => ((string)one!["kind"]!, (double)one["selectivity"]!)));
        Assert.Equal([6000, 3000, 300, 3], filters.Select(one => (int)one!["allowed"]!).Distinct());
        Assert.All(filters, one =>
        {
            Assert.InRange((double)one!["found"]!, 0, 1);
            Assert.InRange((double)one["recall"]!, 0, 1);
            Assert.InRange((int)one["queries"]!, 20, 40);
            Assert.True((double)one["microseconds"]! > 0 && (double)one["exactMicroseconds"]! > 0);
            Assert.Equal((string)one["kind"]! == "none", one["firstMicroseconds"] is null);
        });

        // Three items are looked at one by one, wherever they are; half of all at random is as easy as all.
        Assert.All(filters.Where(one => (int)one!["allowed"]! == 3), one => Assert.Equal((1, 1), ((double)one!["found"]!, (double)one["recall"]!)));
        Assert.All(filters.Take(2), one => Assert.InRange((double)one!["recall"]!, 0.8, 1));
        Assert.Equal(0.95, (double)result["calibration"]!["target"]!);
        Assert.True((int)result["calibration"]!["partitionsToSearch"]! >= 1 && (int)result["calibration"]!["rescoringCount"]! >= 1);
    }

    [Fact]
    public async Task The_exact_index_finds_everything_under_every_filter()
    {
        var result = await Tool.ResultAsync($"{Small} --index bruteforce --metric l2 --filter like,category --filter unlike --selectivity 20,1");
        var filters = result["filters"]!.AsArray();
        Assert.Equal(["none", "category-near", "category-far", "category-mid", "unlike", "like"], filters.Select(one => (string)one!["kind"]!).Distinct());
        Assert.All(filters, one => Assert.Equal((1, 1), ((double)one!["found"]!, (double)one["recall"]!)));
        Assert.Null(result["calibration"]);
    }

    [Fact]
    public async Task Changes_of_a_live_index_are_measured_beside_one_built_anew()
    {
        var result = await Tool.ResultAsync($"{Small} --churn --filter-recall 0.9 --metric cosine");
        var churn = result["churn"]!.AsArray();
        Assert.Equal(
            [("added", 10), ("added", 30), ("deleted", 50), ("clustered", .1), ("clustered", .5), ("clustered", 2), ("replaced", 50)],
            churn.Select(one => ((string)one!["kind"]!, (double)one["share"]!)));
        Assert.Equal([600, 1800, 3000, 3000], churn.Where(one => (string)one!["kind"]! != "clustered").Select(one => (int)one!["changed"]!));
        Assert.All(churn, one =>
        {
            Assert.InRange((double)one!["recall"]!, 0, 1);
            Assert.InRange((double)one["baselineRecall"]!, 0, 1);
            Assert.True((double)one["microseconds"]! > 0 && (double)one["baselineMicroseconds"]! > 0);
            Assert.Equal((string)one["kind"]! is "added" or "replaced", one["upsertsPerSecond"] is not null);
        });

        // Added and replaced items are scored exactly or searched like others: nothing is lost. The best of 20 queries are more than those of one.
        Assert.All(churn.Where(one => one!["upsertsPerSecond"] is not null), one => Assert.InRange((double)one!["recall"]!, 0.8, 1));
        Assert.All(churn.Where(one => (string)one!["kind"]! is "added" or "replaced" or "deleted"), one => Assert.InRange((double)one!["baselineRecall"]!, 0.8, 1));
        Assert.All(churn.Where(one => (string)one!["kind"]! == "clustered"), one => Assert.InRange((int)one!["changed"]!, (double)one["share"]! * 60, (double)one["share"]! * 60 * 20));
        Assert.Equal(0.9, (double)result["calibration"]!["target"]!);
    }

    [Fact]
    public async Task Batches_answer_as_single_searches_do()
    {
        var result = await Tool.ResultAsync($"{Small} --batch 1,7,200 --build-threads 2");
        var batches = result["batch"]!.AsArray();
        Assert.Equal(
            from target in (double[])[0.9, 0.99]
            from threads in (int[])[1, 2]
            from size in (int[])[1, 7, 200]
            select (target, threads, size),
            batches.Select(one => ((double)one!["target"]!, (int)one["threads"]!, (int)one["size"]!)));
        Assert.All(batches, one =>
        {
            Assert.Equal(0, (int)one!["mismatches"]!);
            Assert.True((double)one["qps"]! > 0 && (double)one["singleQps"]! > 0);
        });
        Assert.Equal((null, null, null), (result["filters"], result["churn"], result["calibration"]));
    }

    [Fact]
    public async Task The_tool_measures_all_of_it_as_a_process_and_prints_tables()
    {
        using var folder = new TemporaryFolder();
        using var process = Tool.Start($"{Small} --filter random --selectivity 10 --churn added --churn-share 20 --batch 5 --json {folder["r.json"]}");
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, error));
        var text = await output;
        foreach (var expected in (string[])["first µs", "rebuilt recall", "single queries/s", "measuring filters: random, 40 queries each", "20 % of the items added"])
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        var result = JsonNode.Parse(await File.ReadAllTextAsync(folder["r.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal((2, 1, 1200), (result["filters"]!.AsArray().Count, result["churn"]!.AsArray().Count, (int)result["churn"]![0]!["changed"]!));
    }

    [Fact]
    public async Task An_interrupted_measurement_ends_with_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        using var folder = new TemporaryFolder();
        using var process = Tool.Start($"{Small} --passes 1000000 --filter --json {folder["r.json"]}".Replace("--passes 2 ", "", StringComparison.Ordinal));
        for (string? line = ""; !line.StartsWith("finding the 10 best", StringComparison.Ordinal);)
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The measurement never began.");
        }

        using (var kill = System.Diagnostics.Process.Start("kill", $"-INT {process.Id}"))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((130, "index: cancelled."), (process.ExitCode, error.Trim()));
        Assert.False(File.Exists(folder["r.json"]));
    }

    [Theory]
    [InlineData("--filter near", "--filter has 'near'; random, category, unlike or like was expected.")]
    [InlineData("--churn deleted,moved", "--churn has 'moved'; added, deleted, clustered or replaced was expected.")]
    [InlineData("--filter --selectivity 5,101", "--selectivity has '101'; expected percents above 0 and at most 100")]
    [InlineData("--filter --selectivity 0", "--selectivity has '0'; expected percents above 0 and at most 100")]
    [InlineData("--churn --churn-share 100", "--churn-share has '100'; expected percents above 0 and below 100")]
    [InlineData("--churn --filter-recall 1.5", "--filter-recall is 1.5; expected a recall above 0 and at most 1")]
    [InlineData("--batch 0", "--batch has '0'; expected whole numbers from 1 to 1000000")]
    [InlineData("--selectivity 5", "--selectivity needs --filter.")]
    [InlineData("--churn-share 5 --filter", "--churn-share needs --churn.")]
    [InlineData("--filter-recall .9 --batch", "--filter-recall needs --filter or --churn.")]
    [InlineData("--batch --index bruteforce", "--batch measures the approximate index; leave out --index bruteforce.")]
    [InlineData("--length-spread 9", "--length-spread is 9; expected 0 to 3.")]
    [InlineData("--churn clustered --churn-share 90", "the best 90 % of the items of 20 queries are all items")]
    public async Task Wrong_options_are_told_in_a_line(string arguments, string message)
    {
        var (code, error) = await Tool.RunAsync($"index --synthetic 500,4 --held-out 60 --passes 1 {arguments}");
        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }
}

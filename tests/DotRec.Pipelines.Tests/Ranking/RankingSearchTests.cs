using System.Globalization;

namespace DotRec.Pipelines.Tests;

/// <summary>Which network a ranking pipeline chooses, and what it tells of the choice.</summary>
public sealed class RankingSearchTests : IDisposable
{
    private static readonly string[] Names = ["logistic", "wide-deep", "dcn", "field-aware"];

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_is_left_to_the_regression_and_told_so()
    {
        var log = new ProgressLog();
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "y" }).RunAsync(_folder.Write("line.csv", "a,b,y", Line(600)), progress: log, cancellationToken: Token);
        var selection = result.Selection!;
        Assert.Equal(RankingNetworkKind.Logistic, result.Settings.Network);
        Assert.Null(result.Regression);
        Assert.Equal(("squared error", true, 54, TimeSpan.FromMinutes(10)), (selection.Metric, selection.LessIsBetter, selection.ValidationRowCount, selection.Budget));
        Assert.Equal(Names, selection.Candidates.Select(candidate => candidate.Name));
        Assert.Same(selection.Chosen, selection.Candidates[0]);
        Assert.Equal(Math.Pow(result.Validation.Rating.Rmse, 2), selection.Chosen.Figure!.Value, 1e-4);
        Assert.Equal(selection.Candidates.Min(candidate => candidate.Behind), 0);
        Assert.Contains(selection.Reason, log.All.Select(one => one.Text));

        // The chosen one has learned from the validation rows too, for as many epochs as were best without them.
        Assert.Equal((540, result.EpochChoice.BestEpoch), (result.Split.Train.RowCount, result.Fit.Epochs.Count));
        Assert.True(result.Evaluation.Rating.Rmse < 0.15, $"{result.Evaluation.Rating.Rmse}");
    }

    [Fact]
    public async Task What_no_line_can_follow_is_left_to_a_network()
    {
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "y" }).RunAsync(_folder.Write("pairs.csv", "u,v,y", Pairs(3000)), cancellationToken: Token);
        Assert.NotEqual(RankingNetworkKind.Logistic, result.Settings.Network);
        Assert.True(result.Evaluation.Binary.Auc > 0.8 && result.Regression!.Binary.Auc < 0.65, $"{result.Evaluation.Binary.Auc}, {result.Regression!.Binary.Auc}");
        Assert.Equal(result.Selection!.Chosen.Name, result.Settings.Network.Name);
        Assert.True(result.Selection.Candidates[0].Behind > result.Selection.Candidates[0].BehindInterval);
    }

    [Fact]
    public async Task The_same_seed_chooses_and_learns_the_same()
    {
        var file = _folder.Write("pairs.csv", "u,v,y", Pairs(400));
        var pipeline = new RankingPipeline(new RankingPipelineOptions { Label = "y", TimeBudget = null });
        using var one = await pipeline.RunAsync(file, cancellationToken: Token);
        using var other = await pipeline.RunAsync(file, cancellationToken: Token);
        Assert.Equal(one.Selection!.Candidates.Select(candidate => (candidate.Figure, candidate.Settings)), other.Selection!.Candidates.Select(candidate => (candidate.Figure, candidate.Settings)));
        Assert.Equal(one.Ranker.PredictBatch(one.Split.Test), other.Ranker.PredictBatch(other.Split.Test));
    }

    [Fact]
    public async Task A_budget_that_is_used_up_leaves_the_first_candidate()
    {
        var options = new RankingPipelineOptions { Label = "y", TimeBudget = TimeSpan.FromTicks(1) };
        using var result = await new RankingPipeline(options).RunAsync(_folder.Write("pairs.csv", "u,v,y", Pairs(400)), cancellationToken: Token);
        Assert.Equal("logistic", result.Selection!.Chosen.Name);
        Assert.All(result.Selection.Candidates.Skip(1), candidate => Assert.StartsWith("not tried", candidate.Problem, StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => options with { TimeBudget = TimeSpan.Zero });
    }

    [Fact]
    public async Task What_the_settings_say_holds_for_every_candidate_and_a_named_network_is_not_compared()
    {
        var file = _folder.Write("pairs.csv", "u,v,y", Pairs(300));
        var settings = new RankingSettings { LearningRate = 0.002, Epochs = 2, BatchSize = 100 };
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "y", Settings = settings }).RunAsync(file, cancellationToken: Token);
        Assert.All(result.Selection!.Candidates, candidate => Assert.Matches(@"^rate 0\.002, [12] epochs? of steps of 100 rows$", candidate.Settings));
        using var named = await new RankingPipeline(new RankingPipelineOptions { Label = "y", Settings = settings with { Network = RankingNetworkKind.FieldAware } }).RunAsync(file, cancellationToken: Token);
        Assert.Null(named.Selection);
        Assert.Equal((RankingNetworkKind.FieldAware, 2), (named.Settings.Network, named.EpochChoice.Epochs.Count));
        Assert.NotNull(named.Regression);
    }

    [Fact]
    public async Task A_field_aware_network_of_too_many_fields_is_refused_by_name_and_others_are_compared_without_it()
    {
        var header = string.Join(',', Enumerable.Range(0, 80).Select(n => $"c{n}")) + ",y";
        var rows = Enumerable.Range(0, 120).Select(row => string.Join(',', Enumerable.Range(0, 80).Select(n => $"v{(row * (n + 3)) % 5}")) + $",{row % 2}");
        var file = _folder.Write("wide.csv", header, rows);
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = "y", Settings = new RankingSettings { Epochs = 1 } }).RunAsync(file, cancellationToken: Token);
        Assert.StartsWith("not possible: A field-aware network of 64 fields", result.Selection!.Candidates[3].Problem, StringComparison.Ordinal);
        var named = new RankingPipelineOptions { Label = "y", Settings = new RankingSettings { Network = RankingNetworkKind.FieldAware } };
        Assert.Contains("60 fields", (await Assert.ThrowsAsync<ArgumentException>(() => new RankingPipeline(named).RunAsync(file, cancellationToken: Token))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rare", "y")]
    [InlineData("huge", "y")]
    [InlineData("gaps", "y")]
    [InlineData("few", "y")]
    public async Task Tables_of_every_kind_are_learned_and_served(string kind, string label)
    {
        var random = new Draws(3);
        var rows = Enumerable.Range(0, kind == "few" ? 12 : 400).Select(n => kind switch
        {
            "rare" => Text($"{random.NextNormal()},k{n % 7},{(n % 97 == 0 ? 1 : 0)}"),
            "huge" => Text($"{1e200 * random.NextNormal()},{(n % 5 == 0 ? 1e300 : n)},{1e30 * random.NextNormal()}"),
            "gaps" => Text($"{(n % 3 == 0 ? "" : n + 0.5)},{(n % 4 == 0 ? "" : "k" + (n % 3))},{(n % 3 == 0 ? 1 : n % 2)}"),
            _ => Text($"{n + 0.25},k{n % 2},{n % 2}"),
        });
        var file = _folder.Write("d.csv", "a,b," + label, rows);
        using var result = await new RankingPipeline(new RankingPipelineOptions { Label = label }).RunAsync(file, cancellationToken: Token);
        Assert.All(result.Ranker.PredictBatch(result.Split.Test).Zip(result.Model.Predict(result.Split.Test)), pair =>
        {
            Assert.True(float.IsFinite(pair.First));
            Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.Second)));
        });
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string[] Line(int count)
    {
        var random = new Draws(1);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (a, b) = (random.NextNormal(), random.NextNormal());
            return string.Create(CultureInfo.InvariantCulture, $"{a:F5},{b:F5},{5 + (2 * a) - b + (0.1 * random.NextNormal()):F5}");
        })];
    }

    // Wanted where both are of one kind: neither alone tells anything.
    private static string[] Pairs(int count)
    {
        var random = new Draws(2);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (u, v) = (random.NextInt(12), random.NextInt(12));
            return $"u{u},v{v},{(random.NextDouble() < (u % 2 == v % 2 ? 0.9 : 0.1) ? 1 : 0)}";
        })];
    }

    // The same numbers on every machine.
    private sealed class Draws(uint seed)
    {
        private ulong _state = seed;

        public double NextDouble() => ((_state = (_state * 6364136223846793005UL) + 1442695040888963407UL) >> 11) * (1.0 / (1UL << 53));

        public int NextInt(int bound) => (int)(NextDouble() * bound);

        public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());
    }
}

using DotRec.Data;
using DotRec.Indexing;
using DotRec.Serving;

namespace DotRec.Pipelines.Tests;

/// <summary>The choice of a retrieval model.</summary>
public sealed class RetrievalSelectionTests : IDisposable
{
    private static readonly RetrievalPipelineOptions Options = new() { QueryId = "user", ItemId = "item", Test = HoldOut.LastOfEach("t") };

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_order_tells_what_comes_next_a_model_of_order_is_chosen_and_served()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Chains(), cancellationToken: Token);

        Assert.True(result.ModelKind is RetrievalModelKind.SequentialRules or RetrievalModelKind.ItemTransition, result.Selection!.Reason);
        Assert.Equal(["popularity", "item-knn", "sequential-rules", "ease", "item-transition", "ials", "two-tower", "two-tower-128", "sasrec", "blend"], result.Selection!.Candidates.Select(candidate => candidate.Name));
        Assert.Equal(result.Selection.Chosen.Name, RetrievalModelNames.Of(result.ModelKind));
        Assert.All(result.Selection.Candidates, candidate => Assert.True(candidate.Figure > 0 && candidate.Behind >= 0 && candidate.Seconds >= 0, candidate.Name));
        Assert.Equal((null, false), (result.Fit, result.IsBehindNeighbours));
        Assert.True(result.Evaluation.Retrieval.All.HitRate[1] > 0.5);

        await result.SaveAsync(_folder["b"], Token);
        using var served = Recommender.Load(_folder["b"]);
        Assert.Equal(result.Selection.Reason, (string)served.Options.Facts!["chosenBecause"]!);
        var test = result.Split.Test;
        var answers = served.RecommendBatch(test.SelectColumns("user"), new RecommendOptions { K = 1 });
        var hits = answers.Zip(test.Get<string>("item").Values.ToArray()).Count(pair => pair.First[0].ItemId.Text == pair.Second);
        Assert.Equal(result.Recommended(result.Evaluation.Retrieval).HitRate[1], hits / (double)test.RowCount, 1e-9);
        Assert.Equal("i8", served.Recommend(new { history = new[] { "i6", "i7" } }, k: 1)[0].ItemId.Text);
    }

    [Fact]
    public async Task A_model_that_is_asked_for_is_made_with_the_settings_that_are_best()
    {
        foreach (var kind in Enum.GetValues<RetrievalModelKind>().Except([RetrievalModelKind.Auto, RetrievalModelKind.TwoTower, RetrievalModelKind.Ials, RetrievalModelKind.Bpr, RetrievalModelKind.SasRec, RetrievalModelKind.Blend]))
        {
            using var result = await new RetrievalPipeline(Options with { Model = kind }).RunAsync(Chains(), cancellationToken: Token);
            Assert.Equal((kind, 1), (result.ModelKind, result.Selection!.Candidates.Count));
            Assert.NotNull(result.ItemToItem);
            Assert.IsType<SparseIndex>(result.Recommender.Index);
            Assert.Equal(10, result.Recommender.Recommend(new { user = "u1" }).Count);
        }
    }

    [Theory]
    [InlineData(RetrievalModelKind.Ials)]
    [InlineData(RetrievalModelKind.Bpr)]
    [InlineData(RetrievalModelKind.SasRec)]
    [InlineData(RetrievalModelKind.Blend)]
    public async Task What_is_measured_is_what_is_served(RetrievalModelKind kind)
    {
        using var result = await new RetrievalPipeline(Options with { Model = kind }).RunAsync(Chains(), cancellationToken: Token);
        Assert.Equal((kind, kind == RetrievalModelKind.Blend ? 10 : 1), (result.ModelKind, result.Selection!.Candidates.Count));
        var isOfOrder = kind is RetrievalModelKind.SasRec or RetrievalModelKind.Blend;
        Assert.True(!isOfOrder || result.Evaluation.Retrieval.All.HitRate[1] > 0.5);
        if (kind != RetrievalModelKind.Blend)
        {
            Assert.NotNull(result.HistoryEmbedding);
            Assert.Equal(kind == RetrievalModelKind.SasRec, result.Fit is not null);
        }
        else
        {
            Assert.NotNull(result.ItemToItem);
            Assert.Contains(" + ", result.ModelSettings, StringComparison.Ordinal);
            Assert.Equal("blend is what was asked for.", result.Selection.Reason);
        }

        await result.SaveAsync(_folder["b"], Token);
        using var served = Recommender.Load(_folder["b"]);
        var test = result.Split.Test;
        foreach (var excludes in new[] { false, true })
        {
            var answers = served.RecommendBatch(test.SelectColumns("user"), new RecommendOptions { K = 10, ExcludeSeen = excludes });
            var hits = answers.Zip(test.Get<string>("item").Values.ToArray()).Count(pair => pair.First.Any(item => item.ItemId.Text == pair.Second));
            Assert.Equal((excludes ? result.Evaluation.Retrieval.ExcludingSeen : result.Evaluation.Retrieval.All).HitRate[10], hits / (double)test.RowCount, 1e-9);
        }

        var next = served.Recommend(new { history = new[] { "i5", "i6", "i7" } }, k: 1)[0].ItemId.Text;
        Assert.True(!isOfOrder || next == "i8", next);
    }

    [Fact]
    public async Task What_was_asked_for_and_cannot_be_made_is_told()
    {
        var few = new FeatureBatch(new Column<string>("user", [.. Enumerable.Range(0, 60).Select(i => $"u{i / 3}")]), new Column<string>("item", [.. Enumerable.Range(0, 60).Select(i => $"i{i % 7}")]));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RetrievalPipeline(Options with { Model = RetrievalModelKind.SasRec, Test = HoldOut.None }).RunAsync(few, cancellationToken: Token));
        Assert.Contains("a network learns from 500 at least", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_towers_are_those_of_the_towers_that_compete()
    {
        var options = Options with { Settings = RetrievalSettings.Tuned with { Dimension = 8, Epochs = 2 } };
        using var result = await new RetrievalPipeline(options).RunAsync(Chains(), cancellationToken: Token);
        Assert.StartsWith("8 wide", Assert.Single(result.Selection!.Candidates, candidate => candidate.Name.StartsWith("two-tower", StringComparison.Ordinal)).Settings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_the_chosen_model_does_not_read_are_told()
    {
        var log = new ProgressLog();
        var options = Options with { Model = RetrievalModelKind.SequentialRules, ItemFeatures = ["t"], Test = HoldOut.Random(0.1) };
        using var result = await new RetrievalPipeline(options).RunAsync(Chains(), progress: log, cancellationToken: Token);
        Assert.Contains(log.Notes, note => note.Contains("reads no features (t)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_few_rows_to_choose_by_give_neighbours()
    {
        using var result = await new RetrievalPipeline(Options with { Test = HoldOut.None }).RunAsync(
            new FeatureBatch(new Column<string>("user", ["a", "a", "b"]), new Column<string>("item", ["x", "y", "x"])), cancellationToken: Token);
        Assert.Equal((RetrievalModelKind.ItemKnn, null), (result.ModelKind, result.Selection));
        Assert.Equal("y", result.Recommender.Recommend(new { user = "b" }, k: 1)[0].ItemId.Text);
    }

    [Fact]
    public async Task Who_stops_the_search_gets_the_best_so_far()
    {
        using var stop = new CancellationTokenSource();
        var log = new StopAfter(2, stop);
        using var result = await new RetrievalPipeline(Options with { StopToken = stop.Token }).RunAsync(Chains(), progress: log, cancellationToken: Token);
        Assert.Equal(RetrievalModelKind.ItemKnn, result.ModelKind);
        Assert.All(result.Selection!.Candidates.Skip(2), candidate => Assert.Equal("not tried: the search was stopped", candidate.Problem));
        Assert.Equal(10, result.Recommender.Recommend(new { user = "u1" }).Count);
    }

    [Fact]
    public async Task The_same_rows_give_the_same_choice_and_bundle()
    {
        foreach (var name in new[] { "1", "2" })
        {
            using var result = await new RetrievalPipeline(Options with { Model = RetrievalModelKind.ItemTransition }).RunAsync(Chains(), cancellationToken: Token);
            await result.SaveAsync(_folder[name], Token);
        }

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder["1"], "items.index"), Token), await File.ReadAllBytesAsync(Path.Combine(_folder["2"], "items.index"), Token));
    }

    // Users who go from an item to the next one, mostly.
    private static FeatureBatch Chains()
    {
        const int Users = 400, Length = 8, Items = 30;
        var state = 3UL;
        var (users, items, times) = (new List<string>(), new List<string>(), new List<long>());
        for (var user = 0; user < Users; user++)
        {
            var item = Next(Items);
            for (var step = 0; step < Length; step++)
            {
                item = Next(10) == 0 ? Next(Items) : (item + 1) % Items;
                users.Add($"u{user}");
                items.Add($"i{item}");
                times.Add((user * 1000L) + step);
            }
        }

        return new FeatureBatch(new Column<string>("user", [.. users]), new Column<string>("item", [.. items]), new Column<long>("t", [.. times]));

        // Knuth's linear congruential generator.
        int Next(int bound)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            return (int)((state >> 33) % (ulong)bound);
        }
    }

    private sealed class StopAfter(int models, CancellationTokenSource stop) : IProgress<PipelineProgress>
    {
        private int _heard;

        public void Report(PipelineProgress value)
        {
            if (value.HasModel && ++_heard == models)
            {
                stop.Cancel();
            }
        }
    }
}

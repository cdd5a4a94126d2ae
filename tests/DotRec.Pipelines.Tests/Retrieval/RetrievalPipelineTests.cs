using DotRec.Data;
using DotRec.Indexing;
using DotRec.Serving;

namespace DotRec.Pipelines.Tests;

/// <summary>From rows to a served recommender, without the tool.</summary>
public sealed class RetrievalPipelineTests : IDisposable
{
    private const int Users = 120;
    private const int Items = 60;

    private static readonly RetrievalPipelineOptions Options = new()
    {
        QueryId = "user",
        ItemId = "item",
        Settings = RetrievalSettings.Tuned with { Epochs = 8, BatchSize = 64, Dimension = 16 },
    };

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_becomes_a_model_better_than_popularity_and_a_bundle_that_answers_as_it_does()
    {
        var log = new ProgressLog();
        using var result = await new RetrievalPipeline(Options).RunAsync(_folder.Write("choices.csv", "user,item", Choices()), progress: log, cancellationToken: Token);
        Assert.False(result.IsBehindPopularity);
        Assert.True(result.Evaluation.Retrieval.All.HitRate[10] > 1.5 * result.Evaluation.Popularity.All.HitRate[10]);
        Assert.Equal(8, result.Fit.Epochs.Count);
        Assert.Equal(8, log.All.Count(one => one.Fit is { CompletedEpoch: not null }));

        await result.SaveAsync(_folder["bundle"], Token);
        using var served = Recommender.Load(_folder["bundle"]);
        var expected = result.Recommender.Recommend(new { user = "u5" }, k: 8);
        Assert.Equal(8, expected.Count);
        Assert.Equal(expected.Select(one => (one.ItemId, one.Score)), served.Recommend(new { user = "u5" }, k: 8).Select(one => (one.ItemId, one.Score)));
    }

    [Fact]
    public async Task What_a_query_has_had_in_training_and_how_often_items_were_had_are_in_the_recommender()
    {
        using var result = await new RetrievalPipeline(Options).RunAsync(Table(), cancellationToken: Token);
        var train = result.Split.Train;
        var (users, items) = (train.Get<string>("user").Values.ToArray(), train.Get<string>("item").Values.ToArray());
        var had = users.Zip(items).Where(row => row.First == "u7").Select(row => row.Second).ToHashSet(StringComparer.Ordinal);
        var ids = result.Recommender.Recommend(new { user = "u7" }, k: Items).Select(one => one.ItemId.ToString());
        Assert.Equal(Items - had.Count, ids.Count(id => !had.Contains(id!)));
        Assert.DoesNotContain(ids, id => had.Contains(id!));
        Assert.Equal(train.RowCount, result.Recommender.Popularity!.Sum());
    }

    [Fact]
    public async Task Rows_are_divided_into_parts_that_are_all_of_them()
    {
        using var result = await new RetrievalPipeline(Options with { ValidationFraction = 0.2, Test = HoldOut.Random(0.25) }).RunAsync(Table(), cancellationToken: Token);
        var (train, validation, test) = result.Split;
        Assert.Equal(Users * 10, train.RowCount + validation!.RowCount + test.RowCount);
        Assert.Equal((Users * 10 / 4, Users * 10 * 3 / 4 / 5), (test.RowCount, validation.RowCount));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_model_from_a_file_and_from_a_table()
    {
        var pipeline = new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1 } });
        using var read = await pipeline.RunAsync(_folder.Write("choices.csv", "user,item", Choices()), cancellationToken: Token);
        using var made = await pipeline.RunAsync(Table(), cancellationToken: Token);
        using var other = await new RetrievalPipeline(pipeline.Options with { Seed = 43 }).RunAsync(Table(), cancellationToken: Token);
        Assert.Equal(read.Model.EmbedItems(read.Data.Items), made.Model.EmbedItems(made.Data.Items));
        Assert.NotEqual(read.Model.EmbedItems(read.Data.Items), other.Model.EmbedItems(other.Data.Items));
    }

    [Fact]
    public async Task An_approximate_index_is_calibrated_and_says_so()
    {
        var log = new ProgressLog();
        using var result = await new RetrievalPipeline(Options with { Index = ItemIndexKind.Scann }).RunAsync(Table(), progress: log, cancellationToken: Token);
        Assert.IsType<ScannIndex>(result.Recommender.Index);
        Assert.Contains(log.Notes, note => note.StartsWith("index: 60 items in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_left_out_is_a_warning_of_the_progress_and_of_the_result()
    {
        var log = new ProgressLog();
        var data = _folder.Write("choices.csv", "user,item", [.. Choices(), "u1,", ",i1", "u1,unknown"]);
        var items = _folder.Write("items.csv", "item,title", [.. Enumerable.Range(0, Items).Select(n => $"i{n},Title {n}"), "i3,Other"]);
        using var result = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1 } }).RunAsync(data, items, log, Token);
        string[] expected =
        [
            "1 of 1,203 rows of choices.csv have no 'user'; they are left out.",
            "1 of 1,202 rows of choices.csv have no 'item'; they are left out.",
            "1 rows of the catalogue repeat an id of 'item'; the first of each is used.",
            "the catalogue lacks 1 items of the interactions (unknown): 1 of 1,201 rows name one of them and are left out.",
        ];
        Assert.Equal(expected, result.Warnings.Take(4));
        Assert.Equal(result.Warnings, log.Warnings);
        Assert.Equal("Title 3", result.Recommender.Recommend(new { user = "nobody" }, k: Items).Single(one => one.ItemId.ToString() == "i3")["title"]);
    }

    [Fact]
    public async Task A_run_stops_when_it_is_cancelled()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var log = new Cancelling(source);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new RetrievalPipeline(Options).RunAsync(Table(), progress: log, cancellationToken: source.Token));
        Assert.Equal(1, log.Steps);
    }

    [Theory]
    [InlineData("who", "item", "the table of interactions has no column 'who'. Its columns are: user: String, item: String.")]
    [InlineData("user", "user", "Column 'user' is named twice among the query's id and features and the item's; each column has one place. (Parameter 'options')")]
    public async Task A_column_that_cannot_be_is_named(string query, string item, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ArgumentException>(
            () => Task.Run(() => new RetrievalPipeline(Options with { QueryId = query, ItemId = item }).RunAsync(Table(), cancellationToken: Token)))).Message);

    [Fact]
    public async Task A_split_by_time_wants_a_column_of_times_and_names_the_option()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RetrievalPipeline(Options with { Test = HoldOut.Latest(0.1, "at") }).RunAsync(Table(), cancellationToken: Token));
        Assert.Equal("To hold out rows by time, a column of times is needed; 'at' is none. The columns are: user: String, item: String. (Parameter 'Time')", error.Message);
        Assert.Equal(nameof(HoldOut.Time), error.ParamName);
    }

    [Fact]
    public void Defaults_are_those_that_are_documented()
    {
        var options = new RetrievalPipelineOptions { QueryId = "q", ItemId = "i" };
        Assert.Equal((HoldOut.Random(0.1), (double?)null, RetrievalSettings.Tuned, ItemIndexKind.Auto, 42UL), (options.Test, options.ValidationFraction, options.Settings, options.Index, options.Seed));
        var (tuned, tutorial) = (RetrievalSettings.Tuned, RetrievalSettings.Tutorial);
        Assert.Equal((32, 3, 1024, OptimizerKind.Adagrad, 0.2, 0.06, 0.2), (tuned.Dimension, tuned.Epochs, tuned.BatchSize, tuned.Optimizer, tuned.LearningRate, tuned.EmbeddingL2, tuned.TailAverage));
        Assert.Equal((32, 3, 8192, OptimizerKind.Adagrad, 0.1, 0.0, 0.0), (tutorial.Dimension, tutorial.Epochs, tutorial.BatchSize, tutorial.Optimizer, tutorial.LearningRate, tutorial.EmbeddingL2, tutorial.TailAverage));
        Assert.True(tuned is { CorrectSampling: true, RemoveAccidentalHits: true, SharedQueryVector: true });
        Assert.True(tutorial is { CorrectSampling: false, RemoveAccidentalHits: false, SharedQueryVector: false });
    }

    [Fact]
    public void Settings_outside_their_range_are_refused()
    {
        var tuned = RetrievalSettings.Tuned;
        Refused(() => tuned with { Dimension = 0 }, "Dimension must be at least 1.");
        Refused(() => tuned with { Epochs = 0 }, "Epochs must be at least 1.");
        Refused(() => tuned with { BatchSize = -1 }, "BatchSize must be at least 1.");
        Refused(() => tuned with { LearningRate = 0 }, "LearningRate must be a positive number.");
        Refused(() => tuned with { LearningRate = double.NaN }, "LearningRate must be a positive number.");
        Refused(() => tuned with { EmbeddingL2 = -1 }, "EmbeddingL2 must be 0 or a positive number.");
        Refused(() => tuned with { TailAverage = 1.5 }, "TailAverage is a share of the steps, 0 to 1.");
        Refused(() => Options with { ValidationFraction = 1 }, "ValidationFraction is a share of the rows between 0 and 1, both excluded.");
        Refused(() => HoldOut.Random(0), "The share of the rows to hold out lies between 0 and 1, both excluded.");
        Assert.StartsWith("QueryId is the name of a column; it is empty.", Assert.Throws<ArgumentException>(() => Options with { QueryId = "" }).Message);
    }

    private static void Refused(Func<object> make, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(make).Message);

    private static FeatureBatch Table()
    {
        var rows = Choices().Select(row => row.Split(',')).ToArray();
        return new FeatureBatch(new Column<string>("user", [.. rows.Select(row => row[0])]), new Column<string>("item", [.. rows.Select(row => row[1])]));
    }

    // Users of one of three tastes, each with ten different items of its own third of the catalogue.
    private static IEnumerable<string> Choices() =>
        from user in Enumerable.Range(0, Users)
        from choice in Enumerable.Range(0, 10)
        select $"u{user},i{(user % 3) + (3 * (((user * 7) + (choice * choice) + choice) % (Items / 3)))}";

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<PipelineProgress>
    {
        public int Steps { get; private set; }

        public void Report(PipelineProgress value)
        {
            if (value.Fit is not null)
            {
                Steps++;
                source.Cancel();
            }
        }
    }
}

using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;
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
        Model = RetrievalModelKind.TwoTower,
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
        Assert.Equal(8, result.Fit!.Epochs.Count);
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
        using var result = await new RetrievalPipeline(Options with { ExcludeSeen = true }).RunAsync(Table(), cancellationToken: Token);
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
        Assert.Equal(Users * 10, train.RowCount + test.RowCount);
        Assert.Equal((Users * 10 / 4, Users * 10 * 3 / 4 / 5), (test.RowCount, validation!.RowCount));
        Assert.Equal(result.Recommender.Popularity!.Sum(), train.RowCount);
    }

    [Fact]
    public async Task Validation_rows_tell_the_number_of_epochs_and_are_learned_from_too()
    {
        var log = new ProgressLog();
        var settings = Options.Settings with { Epochs = 40 };
        using var chosen = await new RetrievalPipeline(Options with { ValidationFraction = 0.2, Settings = settings }).RunAsync(Table(), progress: log, cancellationToken: Token);
        var best = chosen.EpochChoice!.BestEpoch;
        Assert.InRange(best, 1, 35);
        var epochs = (int)Math.Ceiling(best / 0.9);
        Assert.Equal(epochs, chosen.Fit!.Epochs.Count);
        Assert.Contains(log.Notes, note => note == $"epoch {best} is best on the 216 validation rows; the model is trained for {epochs} epochs on all 1,080 rows.");

        // As if the number had been known from the start.
        using var known = await new RetrievalPipeline(Options with { Settings = settings with { Epochs = epochs } }).RunAsync(Table(), cancellationToken: Token);
        Assert.Null(known.EpochChoice);
        Assert.Equal(known.TwoTower!.EmbedItems(known.Data.Items), chosen.TwoTower!.EmbedItems(chosen.Data.Items));
    }

    [Fact]
    public async Task Of_the_last_rows_of_queries_no_more_than_the_share_validates()
    {
        var table = Table().With(new Column<long>("t", [.. Enumerable.Range(0, Users * 10).Select(n => (long)n)]));
        var options = Options with { Test = HoldOut.LastOfEach("t"), ValidationFraction = 0.05, Settings = Options.Settings with { Epochs = 1 } };
        using var result = await new RetrievalPipeline(options).RunAsync(table, cancellationToken: Token);
        Assert.Equal((Users * 9, Users, Users * 9 / 20), (result.Split.Train.RowCount, result.Split.Test.RowCount, result.Split.Validation!.RowCount));
        Assert.All(result.Split.Validation.Get<long>("t").Values.ToArray(), time => Assert.Equal(8, time % 10));
    }

    [Fact]
    public async Task A_checkpoint_of_a_run_with_validation_goes_on_in_both_trainings()
    {
        var options = Options with { ValidationFraction = 0.2, Settings = Options.Settings with { Epochs = 3 }, Checkpoint = new CheckpointOptions(_folder["state"]) };
        using var first = await new RetrievalPipeline(options).RunAsync(Table(), cancellationToken: Token);
        var log = new ProgressLog();
        using var again = await new RetrievalPipeline(options).RunAsync(Table(), progress: log, cancellationToken: Token);
        Assert.DoesNotContain(log.All, one => one.Fit is not null);
        Assert.Equal(first.TwoTower!.EmbedItems(first.Data.Items), again.TwoTower!.EmbedItems(again.Data.Items));
    }

    [Fact]
    public async Task Test_rows_of_their_own_are_measured_on_and_items_nobody_chose_are_misses()
    {
        var train = _folder.Write("train.csv", "user,item", Choices().Select(row => row.Replace("i", "00", StringComparison.Ordinal)));
        var test = _folder.Write("test.csv", "item,user,more", ["001,u1,x", "002,u2,x", "999,u3,x", ",u4,x"]);
        var options = Options with { Settings = Options.Settings with { Epochs = 1 } };
        using var result = await new RetrievalPipeline(options).RunAsync(train, test: test, cancellationToken: Token);
        Assert.Equal((Users * 10, 3), (result.Split.Train.RowCount, result.Split.Test.RowCount));
        Assert.Equal((3, 1), (result.Evaluation.Retrieval.All.Count, result.Evaluation.Retrieval.All.UnrankedCount));
        Assert.Equal("1 of 4 rows of the test table have no 'item'; they are left out.", result.Warnings[0]);
        Assert.Contains(result.Warnings, warning => warning.StartsWith("1 of 3 rows name an item in 'item' that the catalogue does not hold", StringComparison.Ordinal));

        // Texts stay texts, though all of this file's could be numbers.
        Assert.Equal(["001", "002", "999"], result.Split.Test.Get<string>("item").Values.ToArray());
    }

    [Theory]
    [InlineData("i", "user,film", "test.csv: there is no column 'item'. The columns are: user, film.")]
    [InlineData("", "user,film", "The test table has no column 'item'. Its columns are: user: String, film: String.")]
    [InlineData("i", "user,item", "The test table has no rows.")]
    public async Task A_test_file_that_cannot_be_measured_on_is_refused(string prefix, string header, string message)
    {
        var train = _folder.Write("train.csv", "user,item", Choices().Select(row => row.Replace("i", prefix, StringComparison.Ordinal)));
        var test = _folder.Write("test.csv", header, []);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => new RetrievalPipeline(Options).ReadAsync(train, test: test, cancellationToken: Token));
        Assert.True(error is ArgumentException or DataFormatException);
        Assert.EndsWith(message, error.Message);
    }

    [Fact]
    public async Task Without_a_test_all_rows_train_and_nothing_is_measured()
    {
        var options = Options with { Test = HoldOut.None, ValidationFraction = 0.1, Settings = Options.Settings with { Epochs = 2 } };
        using var result = await new RetrievalPipeline(options).RunAsync(Table(), cancellationToken: Token);
        Assert.Equal((Users * 10, 0, 120), (result.Split.Train.RowCount, result.Split.Test.RowCount, result.Split.Validation!.RowCount));
        Assert.Equal((false, false), (result.HasEvaluation, result.IsBehindPopularity));
        Assert.StartsWith("Nothing was measured, for no rows were held out.", Assert.Throws<InvalidOperationException>(() => result.Evaluation).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => result.SaveRanksAsync(_folder["r.csv"], Token));
        Assert.Empty(result.Recommender.Options.Metrics);
    }

    [Fact]
    public async Task A_split_that_is_written_gives_the_same_figures_when_it_is_read_back()
    {
        var items = FeatureBatch.From(Enumerable.Range(0, Items).Select(n => new { item = $"i{n}" }));
        var options = Options with { Settings = Options.Settings with { Epochs = 2 } };
        using var result = await new RetrievalPipeline(options).RunAsync(Table(), items, cancellationToken: Token);
        Assert.Equal([_folder["train.parquet"], _folder["test.parquet"]], await result.Split.SaveAsync(_folder["."][..^2], Token));
        await ParquetFile.WriteAsync(items, _folder["items.parquet"], Token);
        using var again = await new RetrievalPipeline(options).RunAsync(_folder["train.parquet"], _folder["items.parquet"], _folder["test.parquet"], cancellationToken: Token);
        Assert.Equal(result.Evaluation.Metrics, again.Evaluation.Metrics);
    }

    [Theory]
    [InlineData("ranks.csv")]
    [InlineData("ranks.parquet")]
    public async Task Ranks_that_are_written_give_the_figures(string name)
    {
        using var result = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 2 } }).RunAsync(Table(), cancellationToken: Token);
        await result.SaveRanksAsync(_folder[name], Token);
        var ranks = await TableFile.ReadAsync(_folder[name], cancellationToken: Token);
        Assert.Equal(["user", "item", "rank", "rank_excluding_seen", "popularity_rank", "popularity_rank_excluding_seen"], ranks.Columns.Select(column => column.Name));
        Assert.Equal(result.Split.Test.Get<string>("user").Values.ToArray(), ranks.Get<string>("user").Values.ToArray());
        Assert.Equal(result.Split.Test.Get<string>("item").Values.ToArray(), ranks.Get<string>("item").Values.ToArray());
        foreach (var (column, metrics) in new[]
        {
            ("rank", result.Evaluation.Retrieval.All),
            ("rank_excluding_seen", result.Evaluation.Retrieval.ExcludingSeen),
            ("popularity_rank", result.Evaluation.Popularity.All),
            ("popularity_rank_excluding_seen", result.Evaluation.Popularity.ExcludingSeen),
        })
        {
            var values = ranks.Get<long>(column).Values.ToArray();
            Assert.Equal(metrics.HitRate[10], values.Count(rank => rank is >= 1 and <= 10) / (double)values.Length, 12);
            Assert.Equal(metrics.MeanReciprocalRank, values.Average(rank => rank == 0 ? 0 : 1.0 / rank), 12);
        }
    }

    [Fact]
    public async Task What_queries_have_had_is_left_out_where_the_data_say_so()
    {
        var settings = Options.Settings with { Epochs = 4 };

        // Nobody has an item twice.
        var films = Table(from user in Enumerable.Range(0, Users) from choice in Enumerable.Range(0, 10) select $"u{user},i{((user % 3) + (3 * (user + choice))) % Items}");
        var log = new ProgressLog();
        using var persons = await new RetrievalPipeline(Options with { Settings = settings }).RunAsync(films, progress: log, cancellationToken: Token);
        Assert.True(persons.Recommender.Options.ExcludeSeen);
        Assert.Contains("recommendations leave out what a query has had: 0.0 % of the training rows name an item that their query has in another row too.", log.Notes);

        // After an item come the same few again and again.
        var pages = Table(Enumerable.Range(0, 2000).Select(n => $"i{n % 50},i{((n % 50) + 1 + (n / 50 % 2)) % 50}"));
        log = new ProgressLog();
        using var sessions = await new RetrievalPipeline(Options with { Settings = settings }).RunAsync(pages, progress: log, cancellationToken: Token);
        Assert.False(sessions.Recommender.Options.ExcludeSeen);
        Assert.Contains(log.Notes, note => note.StartsWith("recommendations may repeat what a query has had: 100.0 % of the training rows", StringComparison.Ordinal));
        Assert.True(sessions.Evaluation.Retrieval.All.HitRate[10] > 0.8 && sessions.Evaluation.Retrieval.ExcludingSeen.HitRate[10] < 0.1);
        await sessions.SaveAsync(_folder["sessions"], Token);
        using var served = Recommender.Load(_folder["sessions"]);
        Assert.Contains("i6", served.Recommend(new { user = "i5" }, k: 3).Select(one => one.ItemId.ToString()));

        // Validation rows tell it by hits; options have the last word.
        log = new ProgressLog();
        using var validated = await new RetrievalPipeline(Options with { Settings = settings, ValidationFraction = 0.1 }).RunAsync(pages, progress: log, cancellationToken: Token);
        Assert.False(validated.Recommender.Options.ExcludeSeen);
        Assert.Contains(log.Notes, note => note.StartsWith("recommendations may repeat what a query has had: on the validation rows the hit rate at 10 is .0", StringComparison.Ordinal));
        using var told = await new RetrievalPipeline(Options with { Settings = settings with { Epochs = 1 }, ExcludeSeen = true }).RunAsync(pages, cancellationToken: Token);
        Assert.True(told.Recommender.Options.ExcludeSeen);
    }

    [Fact]
    public async Task An_evaluation_beyond_its_budget_takes_a_part_of_the_rows_and_says_so()
    {
        var table = FeatureBatch.Concatenate([.. Enumerable.Repeat(Table(), 5)]);
        var log = new ProgressLog();
        var options = Options with { Settings = Options.Settings with { Epochs = 1 }, Test = HoldOut.Random(0.5), EvaluationBudget = 60_000 };
        using var part = await new RetrievalPipeline(options).RunAsync(table, progress: log, cancellationToken: Token);
        Assert.Equal((3000, 1000), (part.Split.Test.RowCount, part.Evaluation.Retrieval.All.Count));
        Assert.Contains("measuring on 1,000 of 3,000 test rows, drawn at random: all of them against 60 items would take 1.8E+05 scores, 6E+04 are allowed.", log.Notes);
        using var all = await new RetrievalPipeline(options with { EvaluationBudget = long.MaxValue }).RunAsync(table, cancellationToken: Token);
        Assert.Equal(3000, all.Evaluation.Retrieval.All.Count);

        // The rows are those of the smallest hashes, in their order.
        var expected = RowHash.Sample(3000, 1000, options.Seed).Order().Select(row => all.Evaluation.Retrieval.Ranks.Span[row]);
        Assert.Equal(expected, part.Evaluation.Retrieval.Ranks.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Training_that_is_stopped_keeps_the_last_finished_epoch(bool validates)
    {
        using var stop = new CancellationTokenSource();
        var options = Options with
        {
            Settings = Options.Settings with { Epochs = 1000 },
            ValidationFraction = validates ? 0.2 : null,
            StopToken = stop.Token,
            MeasureEase = true,
        };
        using var result = await new RetrievalPipeline(options).RunAsync(Table(), progress: new StopAfter(2, stop), cancellationToken: Token);
        Assert.Equal((2, true), (result.Fit!.Epochs.Count, result.Fit!.WasStopped));
        Assert.Equal((validates, true, true), (result.EpochChoice is not null, result.Ease is null, result.HasEvaluation));
        await result.SaveAsync(_folder["bundle"], Token);
        using var served = Recommender.Load(_folder["bundle"]);
        Assert.NotEmpty(served.Recommend(new { user = "u5" }, k: 8));
    }

    [Fact]
    public async Task A_model_may_be_measured_without_a_recommender()
    {
        using var result = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1 }, CreateRecommender = false }).RunAsync(Table(), cancellationToken: Token);
        Assert.True(result.HasEvaluation);
        Assert.Contains("CreateRecommender is false", Assert.Throws<InvalidOperationException>(() => result.Recommender).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "a batch of 1 row has no other items to compare a row's item with: nothing is learned of who chooses what. Hundreds of rows are usual.")]
    [InlineData(4, "a batch of 4 rows compares a row's item with at most 3 others: little is learned from that. Hundreds of rows are usual.")]
    public async Task Batches_that_teach_nothing_are_warned_of(int rows, string warning)
    {
        using var result = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1, BatchSize = rows } }).RunAsync(Table(), cancellationToken: Token);
        Assert.Contains(warning, result.Warnings);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_model_from_a_file_and_from_a_table()
    {
        var pipeline = new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1 } });
        using var read = await pipeline.RunAsync(_folder.Write("choices.csv", "user,item", Choices()), cancellationToken: Token);
        using var made = await pipeline.RunAsync(Table(), cancellationToken: Token);
        using var other = await new RetrievalPipeline(pipeline.Options with { Seed = 43 }).RunAsync(Table(), cancellationToken: Token);
        Assert.Equal(read.TwoTower!.EmbedItems(read.Data.Items), made.TwoTower!.EmbedItems(made.Data.Items));
        Assert.NotEqual(read.TwoTower!.EmbedItems(read.Data.Items), other.TwoTower!.EmbedItems(other.Data.Items));
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
        using var result = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1 } }).RunAsync(data, items, progress: log, cancellationToken: Token);
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
    public async Task Names_of_the_options_are_those_of_the_file_whatever_their_case()
    {
        var rows = Choices().Select((row, n) => $"{row},{n},{n % 4}").ToArray();
        var file = _folder.Write("choices.csv", "User_ID,Item_ID,At,Device", rows);
        var items = _folder.Write("items.csv", "itemid,TITLE", Enumerable.Range(0, Items).Select(n => $"i{n},Title {n}"));
        var options = Options with
        {
            QueryId = "user_id",
            ItemId = "item_id",
            QueryFeatures = ["device"],
            ItemFeatures = ["title"],
            Kinds = new Dictionary<string, FeatureKind> { ["Title"] = FeatureKind.Text },
            Test = HoldOut.LastOfEach("AT"),
            Settings = Options.Settings with { Epochs = 1 },
        };
        using var result = await new RetrievalPipeline(options).RunAsync(file, items, cancellationToken: Token);
        Assert.Equal(("User_ID", "Item_ID", Users), (result.Data.QueryId, result.Data.ItemId, result.Split.Test.RowCount));
        Assert.Equal(["Item_ID (texts, looked up)", "TITLE (text, split into words)"], result.Data.ItemColumns);
        await result.SaveAsync(_folder["bundle"], Token);
        using var served = Recommender.Load(_folder["bundle"]);
        Assert.Equal("User_ID", served.QueryIdFeature);
        Assert.Equal(["User_ID", "Device"], served.QueryFeatures.Select(feature => feature.Name));

        // A file of other spellings is measured alike, and so is a test table.
        var other = _folder.Write("other.csv", "DEVICE,user-id,item id,at", rows.Select(row => row.Split(',')).Select(row => $"{row[3]},{row[0]},{row[1]},{row[2]}"));
        var (expected, measured) = (await new RecommenderEvaluator(served).EvaluateAsync(file, cancellationToken: Token), await new RecommenderEvaluator(served).EvaluateAsync(other, cancellationToken: Token));
        Assert.Equal(expected.Model.Ranks.ToArray(), measured.Model.Ranks.ToArray());
        using var tested = await new RetrievalPipeline(options).RunAsync(file, items, other, cancellationToken: Token);
        Assert.Equal(Users * 10, tested.Evaluation.Retrieval.All.Count);
    }

    [Fact]
    public async Task A_name_of_two_columns_is_refused_with_both()
    {
        var file = _folder.Write("choices.csv", "User,USER,item", Choices().Select(row => $"x,{row}"));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RetrievalPipeline(Options).ReadAsync(file, cancellationToken: Token));
        Assert.StartsWith("'user' may be 'User' or 'USER'.", error.Message);
        Assert.Equal(Users, (await new RetrievalPipeline(Options with { QueryId = "USER" }).ReadAsync(file, cancellationToken: Token)).QueryCount);
        var options = Options with { QueryId = "item", ItemId = "ITEM" };
        Assert.StartsWith("Column 'item' is named twice", (await Assert.ThrowsAsync<ArgumentException>(() => new RetrievalPipeline(options).ReadAsync(file, cancellationToken: Token))).Message);
    }

    [Fact]
    public async Task Items_of_several_values_of_a_feature_are_said_where_no_catalogue_tells_which()
    {
        // Three items have two prices each.
        var rows = Choices().Select((row, n) => $"{row},{(row.EndsWith(",i1", StringComparison.Ordinal) || row.EndsWith(",i2", StringComparison.Ordinal) || row.EndsWith(",i3", StringComparison.Ordinal) ? n % 2 : 7)}.5,same").ToArray();
        var options = Options with { ItemFeatures = ["price", "kind"], Settings = Options.Settings with { Epochs = 1 } };
        var data = await new RetrievalPipeline(options).ReadAsync(_folder.Write("choices.csv", "user,item,price,kind", rows), cancellationToken: Token);
        Assert.Equal(
            "3 of 60 items have several values of 'price': an item is recommended by that of its first row, while training reads each row's own. Give a catalogue with one row an item.",
            Assert.Single(data.Warnings));
        var first = rows.First(row => row.Contains(",i1,", StringComparison.Ordinal)).Split(',')[2];
        var place = data.Items.Get<string>("item").Values.IndexOf("i1");
        Assert.Equal(first, data.Items.Get<float>("price").Values[place].ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Test_rows_that_are_training_rows_are_warned_of()
    {
        var options = Options with { Settings = Options.Settings with { Epochs = 1 } };
        var file = _folder.Write("choices.csv", "user,item", Choices());
        var test = _folder.Write("test.csv", "item,user", [.. Choices().Take(90).Select(row => string.Join(',', row.Split(',').Reverse())), .. Enumerable.Range(0, 10).Select(n => $"i{n},nobody {n}")]);
        using var repeated = await new RetrievalPipeline(options).RunAsync(file, test: test, cancellationToken: Token);
        Assert.Contains(repeated.Warnings, warning => warning.StartsWith("90 of 100 test rows are in the training rows too: the figures tell how well the model remembers.", StringComparison.Ordinal));
        var later = _folder.Write("later.csv", "user,item", Choices().Take(100).Select((row, n) => n < 9 ? row : $"new{n},{row.Split(',')[1]}"));
        using var apart = await new RetrievalPipeline(options).RunAsync(file, test: later, cancellationToken: Token);
        Assert.DoesNotContain(apart.Warnings, warning => warning.Contains("are in the training rows too", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Popularity_is_compared_with_at_the_longest_list_that_leaves_an_item_out()
    {
        // Most choose the same three items, and the model may hardly move: it knows nothing.
        using var few = await new RetrievalPipeline(Options with { Settings = Options.Settings with { Epochs = 1, LearningRate = 1e-6, CorrectSampling = false } }).RunAsync(
            Table(Enumerable.Range(0, 900).Select(n => $"u{n % 90},i{(n % 10 == 0 ? n / 10 % Items : n % 3)}")), cancellationToken: Token);
        Assert.Equal(Items, few.Data.Items.RowCount);
        Assert.Equal(50, few.PopularityCutoff);
        Assert.Equal(1, few.Evaluation.Retrieval.All.HitRate[100]);
        Assert.Equal(few.Evaluation.Retrieval.All.HitRate[50] < few.Evaluation.Popularity.All.HitRate[50], few.IsBehindPopularity);
        Assert.True(few.IsBehindPopularity);
    }

    [Fact]
    public async Task A_split_by_a_time_that_is_not_there_names_the_columns_of_the_file()
    {
        var file = _folder.Write("choices.csv", "user,item,when,stars", Choices().Select((row, n) => $"{row},{n},5"));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RetrievalPipeline(Options with { Test = HoldOut.LastOfEach("timestamp") }).RunAsync(file, cancellationToken: Token));
        Assert.StartsWith("To hold out rows by time, a column of times is needed; 'timestamp' is none. The columns are: user: String, item: String, when: Int64, stars: Int64.", error.Message);
    }

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

    private static FeatureBatch Table() => Table(Choices());

    private static FeatureBatch Table(IEnumerable<string> choices)
    {
        var rows = choices.Select(row => row.Split(',')).ToArray();
        return new FeatureBatch(new Column<string>("user", [.. rows.Select(row => row[0])]), new Column<string>("item", [.. rows.Select(row => row[1])]));
    }

    // Users of one of three tastes, each with ten different items of its own third of the catalogue.
    private static IEnumerable<string> Choices() =>
        from user in Enumerable.Range(0, Users)
        from choice in Enumerable.Range(0, 10)
        select $"u{user},i{(user % 3) + (3 * (((user * 7) + (choice * choice) + choice) % (Items / 3)))}";

    private sealed class StopAfter(int epochs, CancellationTokenSource source) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            if (value.Fit is { } fit && fit.Epoch == epochs + 1)
            {
                source.Cancel();
            }
        }
    }

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

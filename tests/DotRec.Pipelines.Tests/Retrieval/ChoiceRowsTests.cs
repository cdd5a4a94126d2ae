using DotRec.Data;

namespace DotRec.Pipelines.Tests;

/// <summary>What rows may say beside who chose what: weights, items that were shown only, several items.</summary>
public sealed class ChoiceRowsTests : IDisposable
{
    private const int Users = 60;

    private static readonly RetrievalPipelineOptions Options = new()
    {
        QueryId = "user",
        ItemId = "item",
        Model = RetrievalModelKind.TwoTower,
        Settings = RetrievalSettings.Tuned with { Epochs = 12, BatchSize = 64, Dimension = 8 },
    };

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_weight_of_0_is_a_row_that_is_no_positive_and_units_do_not_matter()
    {
        var rows = Choices();
        var weights = Enumerable.Range(0, rows.RowCount).Select(row => row % 3 == 0 ? 0.0 : 1 + (row % 5)).ToArray();
        using var seconds = await Run(rows.With(new Column<double>("dwell", weights)), Options with { Weight = "Dwell" });
        using var minutes = await Run(rows.With(new Column<double>("dwell", [.. weights.Select(weight => weight / 64)])), Options with { Weight = "dwell" });
        using var equal = await Run(rows, Options);

        Assert.Equal(seconds.TwoTower!.EmbedQueries(rows), minutes.TwoTower!.EmbedQueries(rows));
        Assert.NotEqual(seconds.TwoTower.EmbedQueries(rows), equal.TwoTower!.EmbedQueries(rows));

        // Figures count each row once.
        Assert.Equal(seconds.Split.Test.RowCount, seconds.Evaluation.Retrieval.All.Count);
        Assert.Equal(seconds.Evaluation.Retrieval.Ranks.ToArray().Average(rank => rank is >= 1 and <= 10 ? 1.0 : 0), seconds.Evaluation.Retrieval.All.HitRate[10], 1e-9);
    }

    [Theory]
    [InlineData("3,1,-2", "row 3 (line 4 of a file whose first line is of names) has the weight -2 in column 'w'; a number from 0 on was expected.")]
    [InlineData("3,,2", "row 2 (line 3 of a file whose first line is of names) has no weight in column 'w'")]
    [InlineData("0,0,0", "Column 'w' of rows.csv is 0 in every row")]
    [InlineData("2024-01-05,2024-01-06,2024-01-07", "cannot hold weights: they are numbers from 0 on, such as seconds or ratings, and no dates, texts or lists.")]
    public async Task Weights_that_are_none_are_refused_with_their_row(string weights, string message)
    {
        var path = _folder.Write("rows.csv", "user,item,w", weights.Split(',').Select((weight, row) => $"u{row},i{row},{weight}"));
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => new RetrievalPipeline(Options with { Weight = "w" }).ReadAsync(path, cancellationToken: Token));
        Assert.True(refused is ArgumentException or InvalidDataException, $"{refused}");
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_cannot_be_weight_or_label_is_refused()
    {
        Assert.Contains("'t' is the column of times", Refused(Options with { Weight = "t", Test = HoldOut.Latest(0.1, "t") }), StringComparison.Ordinal);
        Assert.Contains("is the label, which is no weight", Refused(Options with { Weight = "c", Label = "c" }), StringComparison.Ordinal);
        Assert.Contains("is an id or a feature already", Refused(Options with { Label = "c", QueryFeatures = ["c"] }), StringComparison.Ordinal);

        var rated = Choices().With(new Column<long>("rating", [.. Enumerable.Range(0, Choices().RowCount).Select(row => row % 5L)]));
        Assert.Contains("has more than two values; a label says whether the row's item was chosen", await RefusedRun(rated, Options with { Label = "rating" }), StringComparison.Ordinal);
        Assert.Contains("has no column 'dwell' of weights", await RefusedRun(rated, Options with { Weight = "dwell" }), StringComparison.Ordinal);

        static string Refused(RetrievalPipelineOptions options) => Assert.Throws<ArgumentException>(() => new RetrievalPipeline(options)).Message;

        static async Task<string> RefusedRun(FeatureBatch rows, RetrievalPipelineOptions options) => (await Assert.ThrowsAsync<ArgumentException>(() => Run(rows, options))).Message;
    }

    [Fact]
    public async Task What_was_shown_and_not_chosen_is_no_choice_and_stands_lower_for_it()
    {
        // Each user is shown eight of the items of the user's half and chooses those of an even number in it.
        var (users, items, clicks) = (new List<string>(), new List<string>(), new List<string>());
        for (var user = 0; user < Users; user++)
        {
            for (var n = 0; n < 10; n++)
            {
                var place = (user + (3 * n)) % 20;
                users.Add($"u{user}");
                items.Add($"i{(user % 2 * 20) + place}");
                clicks.Add((place + (user / 2)) % 2 == 0 ? "yes" : "no");
            }
        }

        var shown = new FeatureBatch(new Column<string>("user", [.. users]), new Column<string>("item", [.. items]), new Column<string>("click", [.. clicks]));
        var chosen = shown.Select([.. Enumerable.Range(0, users.Count).Where(row => clicks[row] == "yes")]);
        using var with = await Run(shown, Options with { Label = "click", Test = HoldOut.None, Settings = Options.Settings with { NegativeWeight = 1 } });
        using var without = await Run(chosen, Options with { Test = HoldOut.None });

        Assert.Equal((chosen.RowCount, users.Count - chosen.RowCount), (with.Data.Interactions.RowCount, with.Data.Negatives!.RowCount));
        Assert.Equal(40, with.Data.Items.RowCount);
        Assert.Equal(chosen.RowCount, with.Recommender.Popularity!.Sum());
        Assert.True(MeanMargin(with) > MeanMargin(without) + 0.2, $"{MeanMargin(with)} {MeanMargin(without)}");

        // Seen is what was chosen: what was shown alone may still be recommended.
        var seen = with.Recommender.Seen!.RowsOf("u0").ToArray().Select(row => with.Recommender.Items.Ids[row].Text).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, users.Count).Where(row => users[row] == "u0" && clicks[row] == "yes").Select(row => items[row]).ToHashSet(StringComparer.Ordinal), seen);

        double MeanMargin(RetrievalResult result)
        {
            var (queries, vectors) = (result.TwoTower!.EmbedQueries(shown), result.TwoTower.EmbedItems(shown));
            var scores = Enumerable.Range(0, users.Count).Select(row => Enumerable.Range(0, 8).Sum(i => queries[(row * 8) + i] * vectors[(row * 8) + i])).ToArray();
            return Mean("yes") - Mean("no");

            double Mean(string click) => Enumerable.Range(0, users.Count).Where(row => clicks[row] == click).Average(row => (double)scores[row]);
        }
    }

    [Fact]
    public async Task Later_negatives_and_those_of_held_out_items_are_not_learned_from()
    {
        // The same rows, and after them, or of held-out items, negatives that must not matter.
        var rows = Choices();
        var times = Enumerable.Range(0, rows.RowCount).Select(row => (long)row).ToArray();
        var chosen = rows.With(new Column<long>("t", times)).With(new Column<long>("click", [.. times.Select(_ => 1L)]));
        var early = new FeatureBatch(new Column<string>("user", ["u1", "u2"]), new Column<string>("item", ["i0", "i1"]), new Column<long>("t", [0, 0]), new Column<long>("click", [0, 0]));
        var late = new FeatureBatch(new Column<string>("user", ["u3", "u4"]), new Column<string>("item", ["i0", "i1"]), new Column<long>("t", [100_000, 100_000]), new Column<long>("click", [0, 0]));
        foreach (var test in new[] { HoldOut.Latest(0.2, "t"), HoldOut.LastOfEach("t") })
        {
            var options = Options with { Label = "click", Test = test };
            using var some = await Run(FeatureBatch.Concatenate(chosen, early), options);
            using var all = await Run(FeatureBatch.Concatenate(chosen, early, late), options);
            using var none = await Run(chosen, Options with { Test = test });
            Assert.Equal(some.TwoTower!.EmbedQueries(rows), all.TwoTower!.EmbedQueries(rows));
            Assert.NotEqual(none.TwoTower!.EmbedQueries(rows), some.TwoTower.EmbedQueries(rows));
            Assert.Equal(none.Split.Test.Get<long>("t").Values.ToArray(), some.Split.Test.Get<long>("t").Values.ToArray());
        }

        var cold = Options with { Label = "click", Test = HoldOut.ColdItems(0.5) };
        using var split = await Run(FeatureBatch.Concatenate(chosen, early), cold);
        var known = split.Split.Train.Get<string>("item").Values.ToArray().ToHashSet(StringComparer.Ordinal);
        var ofNew = Enumerable.Range(0, 20).Select(item => $"i{item}").Where(item => !known.Contains(item)).ToArray();
        var added = new FeatureBatch(
            new Column<string>("user", [.. ofNew.Select(_ => "u5")]), new Column<string>("item", ofNew), new Column<long>("t", [.. ofNew.Select(_ => 0L)]), new Column<long>("click", [.. ofNew.Select(_ => 0L)]));
        using var more = await Run(FeatureBatch.Concatenate(chosen, early, added), cold);
        Assert.Equal(split.TwoTower!.EmbedQueries(rows), more.TwoTower!.EmbedQueries(rows));
    }

    [Fact]
    public async Task A_row_with_several_items_is_as_many_choices()
    {
        var lists = _folder.Write("lists.csv", "user,items", ["u1,a|b|c", "u2,b", "u3,", "u2,c|a"]);
        var log = new ProgressLog();
        var options = Options with { ItemId = "items", Kinds = new Dictionary<string, FeatureKind> { ["Items"] = FeatureKind.List } };
        var data = await new RetrievalPipeline(options).ReadAsync(lists, progress: log, cancellationToken: Token);

        Assert.Equal(["u1 a", "u1 b", "u1 c", "u2 b", "u2 c", "u2 a"], Pairs(data));
        Assert.Equal(["a", "b", "c"], data.Items.Get<string>("items").Values.ToArray());
        Assert.Contains("1 of 4 rows of lists.csv have no item in their list; they are left out.", log.Warnings);

        // Lists of a type of their own need no word.
        await File.WriteAllTextAsync(_folder["lists.json"], """[{"user": "u1", "items": ["a", "b", "c"]}, {"user": "u2", "items": ["b"]}, {"user": "u2", "items": ["c", "a"]}]""", Token);
        Assert.Equal(Pairs(data), Pairs(await new RetrievalPipeline(Options with { ItemId = "items" }).ReadAsync(_folder["lists.json"], cancellationToken: Token)));

        static IEnumerable<string> Pairs(RetrievalData data) =>
            data.Interactions.Get<string>("user").Values.ToArray().Zip(data.Interactions.Get<string>("items").Values.ToArray(), (user, item) => $"{user} {item}");
    }

    [Fact]
    public async Task Models_that_read_no_weights_say_so()
    {
        var log = new ProgressLog();
        var rows = Choices().With(new Column<double>("dwell", [.. Enumerable.Range(0, Choices().RowCount).Select(row => 1.0 + row)]));
        using var result = await new RetrievalPipeline(Options with { Model = RetrievalModelKind.ItemKnn, Weight = "dwell" }).RunAsync(rows, progress: log, cancellationToken: Token);

        Assert.Contains(log.Notes, note => note.StartsWith("item-knn learns from what was chosen, each row once, and not from weights ('dwell').", StringComparison.Ordinal));
    }

    private static Task<RetrievalResult> Run(FeatureBatch rows, RetrievalPipelineOptions options) => new RetrievalPipeline(options).RunAsync(rows, cancellationToken: Token);

    private static FeatureBatch Choices()
    {
        var rows = Enumerable.Range(0, Users * 8).Select(n => (User: n / 8, Item: ((n / 8 % 2) * 10) + (((n / 8) + (n % 8 * 3)) % 10))).ToArray();
        return new FeatureBatch(new Column<string>("user", [.. rows.Select(row => $"u{row.User}")]), new Column<string>("item", [.. rows.Select(row => $"i{row.Item}")]));
    }
}

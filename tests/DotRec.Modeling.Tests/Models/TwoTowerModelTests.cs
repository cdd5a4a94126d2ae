using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class TwoTowerModelTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 4, ratings: 4000);

    [Fact]
    public void Repeated_items_are_embedded_once_only_where_features_follow_from_the_id()
    {
        var train = new FeatureBatch(
            new Column<string>("user", ["a", "b", "c", "a"]),
            new Column<string>("item", ["x", "y", "x", "y"]),
            new Column<string>("tag", ["1", "2", "1", "2"]),
            new Column<string>("mood", ["1", "2", "3", "2"]));

        Assert.True(new EncodedData(train).ItemsDecide("item", [new StringLookup("tag", train)]));
        Assert.False(new EncodedData(train).ItemsDecide("item", [new StringLookup("tag", train), new StringLookup("mood", train)]));
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], new EncodedData(train).Items("item").Probabilities);
    }

    [Fact]
    public void An_item_training_never_met_is_evaluated_all_the_same()
    {
        var model = Data.Model(corrections: true, dimension: 8);
        var titles = Data.Train.Get<string>("movie_title").Values.ToArray();
        var unseen = Data.Test.Get<string>("movie_title").Values[0];
        var train = Data.Train.Select([.. Enumerable.Range(0, titles.Length).Where(row => titles[row] != unseen)]);
        model.Fit(train, new FitOptions { Epochs = 1, BatchSize = 500 }, TestContext.Current.CancellationToken);

        Assert.True(double.IsFinite(model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken).Loss));
    }

    [Fact]
    public void Sample_weights_of_zero_leave_rows_out()
    {
        // Weight 0 for all rows but those of even ids is training on the even rows, with the others as negatives only.
        var weights = new Column<float>("weight", [.. Enumerable.Range(0, Data.Train.RowCount).Select(row => row % 2 == 0 ? 1f : 0f)]);
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", Data.Train), new Embedding(8)), new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(8)))
        {
            SampleWeightColumn = "weight",
        };
        var before = model.EmbedQueries(Data.Train);

        model.Fit(
            Data.Train.With(weights), new FitOptions { Epochs = 1, BatchSize = 4000, Shuffle = false }, TestContext.Current.CancellationToken);

        var after = model.EmbedQueries(Data.Train);
        var users = Data.Train.Get<string>("user_id").Values.ToArray();
        var trained = users.Where((_, row) => row % 2 == 0).ToHashSet(StringComparer.Ordinal);
        for (var row = 0; row < users.Length; row++)
        {
            Assert.Equal(trained.Contains(users[row]), before[row * 8] != after[row * 8]);
        }
    }

    [Fact]
    public void The_item_id_column_must_be_said_when_the_item_tower_reads_several_columns()
    {
        var data = Data.Train;
        TwoTowerModel Make(string? column) => new(
            new Tower(new StringLookup("user_id", data), new Embedding(4)),
            new Tower(new Concatenate([new StringLookup("movie_title", data), new Embedding(2)], [new StringLookup("movie_id", data), new Embedding(2)])))
        {
            ItemIdColumn = column,
        };
        var options = new FitOptions { Epochs = 1 };

        var message = Assert.Throws<InvalidOperationException>(() => Make(null).Fit(data, options, TestContext.Current.CancellationToken)).Message;

        Assert.Contains("movie_title: String, movie_id: String", message, StringComparison.Ordinal);
        Assert.Single(Make("movie_id").Fit(data, options, TestContext.Current.CancellationToken).Epochs);
    }

    [Fact]
    public void Towers_of_different_widths_are_refused_with_both_shapes()
    {
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", Data.Train), new Embedding(8)), new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(4)));

        var message = Assert.Throws<ArgumentException>(() => model.Fit(Data.Train, cancellationToken: TestContext.Current.CancellationToken)).Message;

        Assert.Contains("[2, 8]", message, StringComparison.Ordinal);
        Assert.Contains(", 4]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_that_share_a_metric_each_rank_by_their_own_id_column()
    {
        // A catalogue of two columns, of which the metric was not told the id: each model settles it for itself.
        var catalogue = Data.Ratings.DistinctBy("movie_title").SelectColumns("movie_title", "movie_id");
        var metric = new FactorizedTopK(catalogue);
        TwoTowerModel Make(string column) => new(
            new Tower(new StringLookup("user_id", Data.Train), new Embedding(4)), new Tower(new StringLookup(column, Data.Ratings), new Embedding(4)), new Retrieval(metric));
        var (byTitle, byId) = (Make("movie_title"), Make("movie_id"));
        var options = new FitOptions { Epochs = 1 };

        byTitle.Fit(Data.Train, options, TestContext.Current.CancellationToken);
        byId.Fit(Data.Train, options, TestContext.Current.CancellationToken);
        var expected = metric.ById("movie_id").Evaluate(
            byId.EmbedQueries(Data.Test), byId.EmbedItems(catalogue), Data.Test["movie_id"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.HitRate[10], byId.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken).Metrics["hitRate@10"]);
        Assert.Throws<InvalidOperationException>(() => metric.IdColumn);
    }

    [Fact]
    public void A_task_without_a_catalogue_has_a_loss_and_says_what_ranks_need()
    {
        var model = Data.Model(corrections: true, dimension: 4, new Retrieval());

        var evaluation = model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["loss"], evaluation.Metrics.Keys);
        Assert.Contains("new Retrieval(new FactorizedTopK(items))", Assert.Throws<InvalidOperationException>(() => evaluation.Retrieval).Message, StringComparison.Ordinal);
        Assert.Contains("no catalogue", Assert.Throws<InvalidOperationException>(() => evaluation.Popularity).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_behind_popularity_says_so()
    {
        var model = Data.Model(corrections: false, dimension: 2);
        model.Fit(Data.Train, new FitOptions { Epochs = 1, BatchSize = 4000, Optimizer = new Adagrad(1e-6) }, TestContext.Current.CancellationToken);

        var evaluation = model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("behind the popularity baseline", Assert.Single(evaluation.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Items_missing_from_the_catalogue_are_warned_of()
    {
        var few = Data.Titles.Select([0, 1, 2]);
        var model = Data.Model(corrections: true, dimension: 4, new Retrieval(new FactorizedTopK(few)));

        var fit = model.Fit(Data.Train, new FitOptions { Epochs = 1 }, TestContext.Current.CancellationToken);

        Assert.Contains("that the catalogue does not hold", Assert.Single(fit.Warnings), StringComparison.Ordinal);
    }
}

using DotRec.Features;
using DotRec.Indexing;

namespace DotRec.Modeling.Tests;

public sealed class SavedModelTests : IDisposable
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 4, ratings: 3000);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_model_comes_back_bit_for_bit_without_the_data()
    {
        var model = Data.Model(corrections: true, dimension: 8);
        model.Fit(Data.Train, new FitOptions { Epochs = 1, BatchSize = 500 }, TestContext.Current.CancellationToken);
        model.Save(_folder["model"]);

        var loaded = new TwoTowerModel(
            new Tower(new StringLookup("user_id"), new Embedding(8)), new Tower(new StringLookup("movie_title"), new Embedding(8)), new Retrieval(Data.Metric));
        loaded.Load(_folder["model"]);

        Assert.Equal(model.EmbedQueries(Data.Test), loaded.EmbedQueries(Data.Test));
        Assert.Equal(model.EmbedItems(Data.Titles), loaded.EmbedItems(Data.Titles));
        Assert.Equal(model.QueryTower.Export().Bytes.ToArray(), loaded.QueryTower.Export().Bytes.ToArray());

        // Seen items and popularity are no part of a model; given again, the evaluation is the same.
        var unknowing = loaded.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((true, false, false), (unknowing.HasRetrieval, unknowing.HasPopularity, unknowing.Retrieval.HasExcludingSeen));
        Assert.Contains("RememberTrainingData", Assert.Throws<InvalidOperationException>(() => unknowing.Retrieval.ExcludingSeen).Message, StringComparison.Ordinal);
        Assert.Contains("RememberTrainingData", Assert.Throws<InvalidOperationException>(() => unknowing.Popularity).Message, StringComparison.Ordinal);
        Assert.Contains("10, 50, 100", Assert.Throws<ArgumentOutOfRangeException>(() => unknowing.Retrieval.All.HitRate[20]).Message, StringComparison.Ordinal);
        loaded.RememberTrainingData(Data.Train);
        Assert.Equal(
            model.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken).Metrics,
            loaded.Evaluate(Data.Test, cancellationToken: TestContext.Current.CancellationToken).Metrics);
    }

    [Fact]
    public void A_model_of_other_layers_is_refused_and_keeps_its_weights()
    {
        var model = Data.Model(corrections: true, dimension: 8);
        model.Save(_folder["model"]);
        var other = Data.Model(corrections: true, dimension: 4);
        var before = other.EmbedQueries(Data.Test);

        var message = Assert.Throws<ArtifactFormatException>(() => other.Load(_folder["model"])).Message;

        Assert.Contains("'query/1.Embedding/table'", message, StringComparison.Ordinal);
        Assert.Equal(before, other.EmbedQueries(Data.Test));
    }

    [Fact]
    public void Training_goes_on_from_the_weights_a_model_has()
    {
        var model = Data.Model(corrections: true, dimension: 8);
        var options = new FitOptions { Epochs = 2, BatchSize = 500 };
        var first = model.Fit(Data.Train, options, TestContext.Current.CancellationToken);

        var second = model.Fit(Data.Train, options, TestContext.Current.CancellationToken);

        Assert.True(second.Epochs[0].Loss < first.Epochs[0].Loss);
    }
}

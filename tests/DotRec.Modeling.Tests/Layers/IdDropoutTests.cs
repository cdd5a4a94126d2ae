using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class IdDropoutTests
{
    private static readonly MovieLensCase Data = MovieLensCase.Generated(seed: 3, ratings: 3000);

    [Fact]
    public void As_many_ids_as_said_are_unknown_and_those_of_one_step_the_same_everywhere()
    {
        var ids = Enumerable.Range(0, 20_000).Select(row => $"i{row % 10_000}").ToArray();
        var lookup = new StringLookup("id", ids.Distinct());
        var data = new EncodedData(new FeatureBatch(new Column<string>("id", ids)));

        var first = Dropped(step: 1);

        Assert.InRange(first.Count(number => number == 0) / 20_000.0, 0.28, 0.32);
        Assert.Equal(first[..10_000], first[10_000..]);
        Assert.Equal(first, Dropped(step: 1));
        Assert.NotEqual(first, Dropped(step: 2));
        Assert.All(first.Select((number, row) => (number, row)), pair => Assert.True(pair.number == 0 || pair.number == lookup.RowOf(ids[pair.row])));

        int[] Dropped(long step)
        {
            var batch = new Batch(data, [.. Enumerable.Range(0, 20_000)], ForwardContext.Training(seed: 5, step));
            return new IdDropout(0.3).Apply(batch.Signal(lookup), batch.Context).Categories!.Numbers.Values.ToArray();
        }
    }

    [Fact]
    public void Outside_training_and_at_rate_0_nothing_is_dropped()
    {
        var lookup = new StringLookup("movie_title", Data.Titles);
        var batch = Batch.Of(Data.Titles);
        var training = batch.With(ForwardContext.Training(seed: 1, step: 1));
        var signal = batch.Signal(lookup);

        Assert.Same(signal.Categories, new IdDropout(0.5).Apply(signal, batch.Context).Categories);
        Assert.Same(signal.Categories, new IdDropout(0).Apply(signal, training.Context).Categories);
    }

    [Fact]
    public void The_row_of_unknown_ids_is_trained_though_training_knows_all_ids()
    {
        Assert.False(IsTrained(0));
        Assert.True(IsTrained(0.2));

        static bool IsTrained(double rate)
        {
            var embedding = new Embedding(8);
            var model = new TwoTowerModel(
                new Tower(new StringLookup("user_id", Data.Train), new Embedding(8)),
                new Tower(new StringLookup("movie_title", Data.Train), new IdDropout(rate), embedding));
            var options = new FitOptions { Epochs = 1, BatchSize = 500, Seed = 2 };
            model.ItemTower.EnsureBuilt();
            var before = embedding.Table!.Value.Values[..8].ToArray();
            model.Fit(Data.Train, options, TestContext.Current.CancellationToken);
            return !before.AsSpan().SequenceEqual(embedding.Table!.Value.Values[..8]);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_no_share_is_refused(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => new IdDropout(rate));

    [Fact]
    public void It_belongs_between_a_lookup_and_its_embedding()
    {
        var tower = new Tower(new StringLookup("movie_title", Data.Titles), new Embedding(4), new IdDropout(0.5));

        var message = Assert.Throws<InvalidOperationException>(() => tower.Embed(Data.Titles)).Message;

        Assert.Contains("takes category numbers but is given numbers. Put it between a lookup and its embedding.", message, StringComparison.Ordinal);
    }
}

using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

/// <summary>Items that a query was shown and did not choose, in the loss of a two-tower model.</summary>
public class KnownNegativesTests
{
    // Users choose a; half of them were shown b, the others c.
    private static readonly FeatureBatch Catalogue = new(new Column<string>("item", ["a", "b", "c", "d"]));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_known_negative_ends_below_what_was_not_shown()
    {
        var model = Model();
        model.Fit(Rows(["b"], ["c"]), Options, Token);
        var (users, items) = (model.EmbedQueries(Rows(["b"], ["c"])), model.EmbedItems(Catalogue));

        Assert.True(Score(0, 1) < Score(0, 2) && Score(1, 2) < Score(1, 1), $"{Score(0, 1)} {Score(0, 2)} {Score(1, 1)} {Score(1, 2)}");

        float Score(int user, int item) => Enumerable.Range(0, 4).Sum(i => users[(user * 4) + i] * items[(item * 4) + i]);
    }

    [Fact]
    public void Weight_0_an_empty_list_the_own_item_and_unknown_ones_teach_nothing()
    {
        var none = Fitted(Rows([], []), 1);
        Assert.Equal(none, Fitted(Rows(["b"], ["c"]), 0));
        Assert.Equal(none, Fitted(Rows(["stranger"], ["stranger"]), 1));
        var chosen = Rows([], []).Get<string>("item").Values.ToArray();
        Assert.Equal(none, Fitted(Rows([], []).With(new Column<string>("shown", chosen, [.. Enumerable.Range(0, 41)])), 1));
        Assert.NotEqual(none, Fitted(Rows(["b"], []), 1));
        Assert.Equal(Fitted(Rows(["b", "c"], ["c"]), 1), Fitted(Rows(["b", "c"], ["c"]), 1));

        static float[] Fitted(FeatureBatch rows, double weight)
        {
            var model = Model(weight);
            model.Fit(rows, Options, Token);
            return model.EmbedItems(Catalogue);
        }
    }

    [Fact]
    public void They_are_of_training_only()
    {
        var (with, without) = (Model(), Model(negatives: null));
        with.Fit(Rows([], []), Options, Token);
        without.Fit(Rows([], []), Options, Token);
        Assert.Equal(without.Evaluate(Rows([], []), cancellationToken: Token).Loss, with.Evaluate(Rows(["b"], ["c"]), cancellationToken: Token).Loss);
    }

    [Fact]
    public void What_cannot_be_negatives_is_refused()
    {
        Assert.Contains("a list of item ids a row", Refused(Rows([], []).With(new Column<string>("shown", [.. Enumerable.Repeat("b", 40)]))), StringComparison.Ordinal);
        Assert.Contains("cannot hold item ids", Refused(Rows([], []).With(new Column<float>("shown", [], new int[41]))), StringComparison.Ordinal);
        var bare = new TwoTowerModel(new Tower(new StringLookup("user", Rows([], [])), new Embedding(4)), new Tower(new StringLookup("item", Catalogue), new Embedding(4))) { NegativesColumn = "shown" };
        Assert.Contains("the task has no catalogue", Assert.Throws<InvalidOperationException>(() => bare.Fit(Rows([], []), Options, Token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Model(-1));

        static string Refused(FeatureBatch rows) => Assert.Throws<ArgumentException>(() => Model().Fit(rows, Options, Token)).Message;
    }

    private static FitOptions Options => new() { Epochs = 20, BatchSize = 16, Seed = 3 };

    private static TwoTowerModel Model(double weight = 1, string? negatives = "shown") => new(
        new Tower(new StringLookup("user", Rows([], [])), new Embedding(4)),
        new Tower(new StringLookup("item", Catalogue), new Embedding(4)),
        new Retrieval(new FactorizedTopK(Catalogue)))
    {
        NegativesColumn = negatives,
        NegativeWeight = weight,
    };

    private static FeatureBatch Rows(string[] shownToEven, string[] shownToOdd)
    {
        var lists = Enumerable.Range(0, 40).Select(row => row % 2 == 0 ? shownToEven : shownToOdd).ToArray();
        var offsets = new int[41];
        for (var row = 0; row < 40; row++)
        {
            offsets[row + 1] = offsets[row] + lists[row].Length;
        }

        return new FeatureBatch(
            new Column<string>("user", [.. Enumerable.Range(0, 40).Select(row => $"u{row % 2}")]),
            new Column<string>("item", [.. Enumerable.Range(0, 40).Select(row => row % 4 < 2 ? "a" : "d")]),
            new Column<string>("shown", [.. lists.SelectMany(list => list)], offsets));
    }
}

using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class BaselineTests
{
    private static readonly FactorizedTopK Metric = new(new FeatureBatch(new Column<string>("item", ["x", "y", "z"])), ks: [1, 2]);

    private static readonly FeatureBatch Train = new(
        new Column<string>("user", ["a", "a", "b", "c", "c"]), new Column<string>("item", ["x", "y", "x", "y", "z"]));

    [Fact]
    public void Popularity_ranks_by_training_counts_then_catalogue_order()
    {
        // Counts: x 2, y 2, z 1. User a has seen x and y, d nothing.
        var test = new FeatureBatch(new Column<string>("user", ["a", "d", "c", "a"]), new Column<string>("item", ["z", "y", "x", "x"]));

        var report = new PopularityBaseline(Metric, Train, "user").Evaluate(test, TestContext.Current.CancellationToken);

        // Ranks among all: 3, 2, 1, 1. Without seen items: 1, 2, 1, and a's x cannot be recommended again.
        Assert.Equal([0.5, 0.75], report.All.HitRate.Values);
        Assert.Equal([0.5, 0.75], report.ExcludingSeen!.HitRate.Values);
        Assert.Equal(((1 / 3.0) + 0.5 + 1 + 1) / 4, report.All.MeanReciprocalRank, 1e-12);
        Assert.Equal((1 + 0.5 + 1) / 4, report.ExcludingSeen.MeanReciprocalRank, 1e-12);
        Assert.Equal(1, report.ExcludingSeen.UnrankedCount);
    }

    [Fact]
    public void The_symmetric_inverse_times_the_matrix_is_the_identity()
    {
        const int Size = 150;
        var random = new SeededRandom(1);
        var factor = Enumerable.Range(0, Size * Size).Select(_ => random.NextNormal()).ToArray();
        var matrix = new double[Size * Size];
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = Enumerable.Range(0, Size).Sum(k => factor[(i / Size * Size) + k] * factor[(i % Size * Size) + k]) + (i / Size == i % Size ? 5 : 0);
        }

        var inverse = SymmetricInverse.Of([.. matrix], Size);

        for (var i = 0; i < matrix.Length; i++)
        {
            var product = Enumerable.Range(0, Size).Sum(k => matrix[(i / Size * Size) + k] * inverse[(k * Size) + (i % Size)]);
            Assert.Equal(i / Size == i % Size ? 1 : 0, product, 1e-9);
        }
    }

    [Fact]
    public void Ease_recommends_what_goes_with_what_a_user_had()
    {
        // x and y go together, as do z and w; user q had x only.
        var items = new FactorizedTopK(new FeatureBatch(new Column<string>("item", ["x", "y", "z", "w"])), ks: 1);
        string[] users = [.. Enumerable.Range(0, 20).SelectMany(user => new[] { $"{user}", $"{user}" }), "q"];
        string[] had = [.. Enumerable.Range(0, 20).SelectMany(user => user % 2 == 0 ? new[] { "x", "y" } : ["z", "w"]), "x"];
        var test = new FeatureBatch(new Column<string>("user", ["q"]), new Column<string>("item", ["y"]));

        var ease = new EaseBaseline(items, new FeatureBatch(new Column<string>("user", users), new Column<string>("item", had)), "user", regularization: 1);

        Assert.Equal(1, ease.Evaluate(test, TestContext.Current.CancellationToken).ExcludingSeen!.HitRate[1]);
    }

    [Fact]
    public void Ease_reaches_its_known_figures_on_movielens()
    {
        var data = MovieLensCase.Real(seed: 1);

        var report = new EaseBaseline(data.Metric, data.Train, "user_id").Evaluate(data.Test, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{report}");
        Assert.InRange(report.All.HitRate[100], 0.30, 0.34);
        Assert.InRange(report.ExcludingSeen!.HitRate[100], 0.60, 0.64);
    }
}

namespace DotRec.Indexing.Tests;

public sealed class L2LiftTests
{
    [Fact]
    public void Lifted_inner_products_are_distances()
    {
        var lift = new L2Lift(17.5, 1.25f);
        double[] item = [1, -2, 3.5], query = [0.5, 4, -1];
        var distance = item.Zip(query, (x, q) => (x - q) * (x - q)).Sum();
        var product = item.Zip(query, (x, q) => x * q).Sum() + (lift.ItemValue(item.Sum(x => x * x)) * lift.QueryValue);
        Assert.Equal((17.5 + query.Sum(q => q * q) - distance) / 2, product, 1e-5);
    }

    [Fact]
    public void A_build_for_distances_is_lifted_by_its_mean_square()
    {
        var values = new float[] { 3, 4, 0, 1, 0, 0 };
        var items = Corpus.Build(values, 2, new ScannOptions(), ScoreFunction.NegatedSquaredL2);
        Assert.Equal(3, items.Dimension);
        Assert.Equal((25 + 1 + 0) / 3.0, items.Lift!.Value.Center, 1e-12);
        Assert.Null(Corpus.Build(values, 2, new ScannOptions()).Lift);
    }
}

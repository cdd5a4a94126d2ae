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

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void From_an_origin_and_over_several_components_too(int width)
    {
        var lift = new L2Lift(17.5, 1.25f, width, [100, -50, 3]);
        float[] item = [101, -52, 6.5f], query = [100.5f, -46, 2];
        var (lifted, asked) = (new float[3 + width], new float[3 + width + 1]);
        lift.LiftItem(item, lifted);
        Assert.Equal((0.25 + 16 + 1) + (1.25 * 1.25), lift.LiftQuery(query, asked), 1e-5);
        var distance = item.Zip(query, (x, q) => (double)(x - q) * (x - q)).Sum();
        Assert.Equal((17.5 + (0.25 + 16 + 1) - distance) / 2, lifted.Zip(asked, (x, q) => (double)x * q).Sum(), 1e-4);
    }

    [Fact]
    public void A_build_for_distances_is_lifted_around_the_middle_of_its_rows()
    {
        var values = Corpus.Clustered(1, 3000, 40).Select(value => value + 70).ToArray();
        values.AsSpan(0, 40).Fill(1e9f);
        var lift = Corpus.Build(values, 40, new ScannOptions(), ScoreFunction.NegatedSquaredL2).Lift!;
        Assert.Equal(4, lift.Width);
        Assert.All(lift.Origin.ToArray(), value => Assert.InRange(value, 69, 71));
        Assert.InRange(lift.Center, 30, 80);
        Assert.InRange(lift.QueryValue, 5, 15);
        Assert.Null(Corpus.Build(values, 40, new ScannOptions()).Lift);
    }
}

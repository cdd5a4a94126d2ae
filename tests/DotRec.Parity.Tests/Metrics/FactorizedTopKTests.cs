using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' test of its corpus metric: RandomState(42) draws candidates, queries, weights and true ids, in that order.</summary>
public class FactorizedTopKTests
{
    private const int Dimension = 4;
    private readonly float[] _candidates;
    private readonly float[] _queries;
    private readonly float[] _weights;
    private readonly string[] _trueIds;
    private readonly FeatureBatch _items = new(new Column<string>("id", [.. Enumerable.Range(0, 100).Select(i => $"{i}")]));

    public FactorizedTopKTests()
    {
        var random = new NumpyRandom(42);
        _candidates = random.Normals(100 * Dimension);
        _queries = random.Normals(10 * Dimension);
        _weights = random.Uniforms(10);
        _trueIds = Array.ConvertAll(random.Integers(100, 10), id => $"{id}");
    }

    [Fact]
    public void The_true_items_are_those_of_the_suite() =>
        Assert.Equal("15 7 3 3 55 24 66 95 66 26", string.Join(" ", _trueIds));

    [Fact]
    public void Weighted_hit_rates_are_those_of_the_suite()
    {
        double[] expected = [0, 0.1750318, 0.2106460, 0.7100855];

        foreach (var metrics in new[] { Exact(_weights), Indexed(_weights) })
        {
            Assert.Equal([1, 5, 10, 50], metrics.HitRate.Keys);
            Assert.All(metrics.HitRate.Values.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        }
    }

    [Fact]
    public void Unweighted_hit_rates_are_those_of_the_suite()
    {
        Assert.Equal([0, 0.1, 0.2, 0.6], Exact([]).HitRate.Values.Select(value => Math.Round(value, 6)));
        Assert.Equal([0, 0.1, 0.2, 0.6], Indexed([]).HitRate.Values.Select(value => Math.Round(value, 6)));
    }

    [Fact]
    public void The_reciprocal_rank_is_that_of_the_counted_ranks()
    {
        int[] strictlyAbove = [30, 36, 86, 93, 1, 32, 99, 9, 15, 95];

        Assert.Equal(strictlyAbove.Average(above => 1.0 / (1 + above)), Exact([]).MeanReciprocalRank, 1e-12);
    }

    private RetrievalMetrics Exact(float[] weights) =>
        new FactorizedTopK(_items, "id", 1, 5, 10, 50).Evaluate(
            _queries, _candidates, new Column<string>("id", _trueIds), weights, TestContext.Current.CancellationToken);

    private RetrievalMetrics Indexed(float[] weights)
    {
        var ids = ItemIds.From(_items.Get<string>("id").Values);
        using var index = BruteForceIndex.Build(_candidates, ids);
        return new FactorizedTopK(_items, "id", 1, 5, 10, 50).Evaluate(_queries, index, new Column<string>("id", _trueIds), weights);
    }
}

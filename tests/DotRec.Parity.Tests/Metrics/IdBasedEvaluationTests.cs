using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>TFRS' test of evaluation by ids: default_rng(42) draws candidates, queries and true ids; the metric must say what the index answered.</summary>
public class IdBasedEvaluationTests
{
    private const int Dimension = 128;
    private const int QueryCount = 128;
    private const int ItemCount = 1280;

    [Fact]
    public void The_metric_is_the_share_of_true_ids_in_the_indexs_own_answers()
    {
        var random = new NumpyGenerator(42);
        var items = random.Normals(ItemCount * Dimension);
        var queries = random.Normals(QueryCount * Dimension);
        var trueIds = Enumerable.Range(0, QueryCount).Select(_ => (long)random.Integer(ItemCount)).ToArray();
        var ids = Enumerable.Range(0, ItemCount).Select(id => (long)id).ToArray();
        var metric = new FactorizedTopK(new FeatureBatch(new Column<long>("id", ids)), "id", 100);

        using var index = BruteForceIndex.Build(items, ItemIds.From(ids));
        var found = Enumerable.Range(0, QueryCount).Count(query =>
            index.Search(queries.AsSpan(query * Dimension, Dimension), 100).Any(candidate => candidate.Row == trueIds[query]));

        Assert.Equal(6, found);
        Assert.Equal(6 / 128.0, metric.Evaluate(queries, index, new Column<long>("id", trueIds)).HitRate[100]);
        Assert.Equal(6 / 128.0, metric.Evaluate(
            queries, items, new Column<long>("id", trueIds), cancellationToken: TestContext.Current.CancellationToken).HitRate[100]);
    }
}

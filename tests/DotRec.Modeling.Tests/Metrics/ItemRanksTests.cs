using CsCheck;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Modeling.Tests;

public class ItemRanksTests
{
    // Few different scores, so that ties are everywhere; NaN now and then.
    private static readonly Gen<(float[] Scores, int[] True, int[][] Seen)> Cases =
        from items in Gen.Int[1, 70]
        from queries in Gen.Int[1, 12]
        from scores in Gen.Frequency((20, Gen.Int[-3, 3].Select(value => (float)value)), (1, Gen.Const(float.NaN))).Array[items * queries]
        from trueRows in Gen.Int[-1, items - 1].Array[queries]
        from seen in Gen.Int[0, items - 1].Array[0, 10].Array[queries]
        select (scores, trueRows, seen);

    [Fact]
    public void Ranks_count_the_items_that_an_exact_index_would_list_before() => Cases.Sample(c =>
    {
        var items = c.Scores.Length / c.True.Length;
        var names = new Column<string>("user", [.. c.Seen.SelectMany((list, query) => list.Select(_ => $"{query}"))]);
        var seen = SeenItems.From(names, [.. c.Seen.SelectMany(list => list)]);
        var queries = seen.QueriesOf(new Column<string>("user", [.. Enumerable.Range(0, c.True.Length).Select(query => $"{query}")]));

        var ranks = ItemRanks.Compute(new TableScorer(c.Scores, items), c.True, seen, queries, TestContext.Current.CancellationToken);

        for (var query = 0; query < c.True.Length; query++)
        {
            Assert.Equal(Expected(query, []), ranks.All[query]);
            Assert.Equal(Expected(query, c.Seen[query]), ranks.ExcludingSeen![query]);
        }

        int Expected(int query, int[] excluded)
        {
            var order = Enumerable.Range(0, items).Where(row => !excluded.Contains(row))
                .OrderBy(row => Badness(c.Scores[(query * items) + row], row == c.True[query])).ThenBy(row => row).ToList();
            return order.IndexOf(c.True[query]) + 1;
        }
    }, iter: 300, threads: 1);

    [Fact]
    public void All_equal_scores_rank_in_catalogue_order()
    {
        var ranks = ItemRanks.Compute(new TableScorer(new float[3 * 5], 5), [0, 2, 4], null, null, TestContext.Current.CancellationToken);

        Assert.Equal([1, 3, 5], ranks.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_figures_of_an_index_are_counts_of_its_own_answers(bool approximate)
    {
        var random = new Kernels.SeededRandom(5);
        var items = Enumerable.Range(0, 1280 * 16).Select(_ => (float)random.NextNormal()).ToArray();
        var queries = Enumerable.Range(0, 128 * 16).Select(_ => (float)random.NextNormal()).ToArray();
        long[] trueIds = [.. Enumerable.Range(0, 128).Select(_ => 10L * random.NextInt(1280))];
        long[] ids = [.. Enumerable.Range(0, 1280).Select(row => 10L * row)];
        var metric = new FactorizedTopK(new FeatureBatch(new Column<long>("id", ids)), ks: 100);
        using IItemIndex index = approximate
            ? ScannIndex.Build(items, ItemIds.From(ids), options: new ScannOptions { PartitionCount = 20, PartitionsToSearch = 5 }, cancellationToken: TestContext.Current.CancellationToken)
            : BruteForceIndex.Build(items, ItemIds.From(ids));

        var byIndex = metric.Evaluate(queries, index, new Column<long>("id", trueIds));
        var exact = metric.Evaluate(queries, items, new Column<long>("id", trueIds), cancellationToken: TestContext.Current.CancellationToken);

        var found = 0;
        var answer = new Candidate[100];
        for (var query = 0; query < 128; query++)
        {
            var count = index.Search(queries.AsSpan(query * 16, 16), answer);
            found += answer.AsSpan(0, count).ToArray().Any(candidate => ids[candidate.Row] == trueIds[query]) ? 1 : 0;
        }

        Assert.Equal(found / 128.0, byIndex.HitRate[100]);
        Assert.True(byIndex.HitRate[100] <= exact.HitRate[100]);
        if (!approximate)
        {
            Assert.Equal(byIndex.HitRate[100], exact.HitRate[100]);
            Assert.Equal(byIndex.Ndcg[100], exact.Ndcg[100], 1e-12);
        }
    }

    [Fact]
    public void An_index_may_hold_the_items_in_another_order_or_lack_some()
    {
        var metric = new FactorizedTopK(new FeatureBatch(new Column<string>("id", ["a", "b", "c"])), ks: [1, 2]);
        using var index = BruteForceIndex.Build([3f, 2f], ItemIds.From(["c", "a"]));

        var metrics = metric.Evaluate(new float[] { 1, 1, 1 }, index, new Column<string>("id", ["a", "b", "c"]));

        Assert.Equal(1 / 3.0, metrics.HitRate[1], 1e-12);
        Assert.Equal(2 / 3.0, metrics.HitRate[2], 1e-12);
    }

    // NaN comes before every number, but last when it is the true item's own.
    private static float Badness(float score, bool isTrue) => float.IsNaN(score) ? (isTrue ? float.PositiveInfinity : float.NegativeInfinity) : -score;

    private sealed class TableScorer(float[] scores, int items) : ItemScorer
    {
        public override int ItemCount => items;

        public override void Score(int first, int count, Span<float> destination) => scores.AsSpan(first * items, count * items).CopyTo(destination);
    }
}

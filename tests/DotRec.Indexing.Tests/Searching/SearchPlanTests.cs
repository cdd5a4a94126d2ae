namespace DotRec.Indexing.Tests;

public sealed class SearchPlanTests : IDisposable
{
    private const int Count = 9000;

    private static readonly SearchMargins Margins = new(1, 1);

    private readonly ScannIndex _index = ScannIndex.Build(
        Corpus.Clustered(5, Count, 8), 8, options: new ScannOptions { PartitionsToSearch = 8, RescoringCount = 100 },
        cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => _index.Dispose();

    [Fact]
    public void A_search_that_nothing_restricts_goes_as_far_as_it_was_told()
    {
        var plan = Plan(10, null, 0);
        Assert.Equal((false, 100), (plan.IsDirect, plan.Rescoring));
    }

    [Fact]
    public void A_restricted_one_keeps_twice_as_many_candidates_and_never_fewer_than_twice_k_but_for_all()
    {
        Assert.Equal(200, Plan(10, null, 1).Rescoring);
        Assert.Equal(200, Plan(10, ItemFilter.Block(Count, [7]), 0).Rescoring);
        Assert.Equal(2400, Plan(1200, null, 1).Rescoring);

        // More than it was calibrated for is a restriction too.
        Assert.Equal(200, Plan(11, null, 0).Rescoring);
        Assert.Equal(Count, Plan(5000, null, 0).Rescoring);
    }

    [Fact]
    public void Where_few_are_allowed_they_are_scored_instead_and_where_many_are_they_are_not()
    {
        Assert.True(Plan(10, ItemFilter.Allow(Count, []), 0).IsDirect);
        Assert.True(Plan(10, ItemFilter.Allow(Count, [8999]), 0).IsDirect);

        // As many as would be rescored.
        Assert.True(Plan(10, Some(100), 0).IsDirect);
        Assert.False(Plan(10, Some(4000), 0).IsDirect);
        Assert.False(Plan(10, ItemFilter.Block(Count, []), 0).IsDirect);
        Assert.False(Plan(10, null, 5).IsDirect);
        var decisions = Enumerable.Range(0, 90).Select(i => Plan(10, Some(i * 100), 0).IsDirect).ToArray();
        Assert.Equal(decisions.OrderDescending(), decisions);
    }

    [Fact]
    public void An_index_without_partitions_is_searched_item_by_item()
    {
        using var empty = ScannIndex.Build([], 8, cancellationToken: TestContext.Current.CancellationToken);
        var space = new SearchSpace(empty.Snapshot);
        Assert.True(new SearchPlan(space, new SearchEffort(0, 1, 10, false, Margins), 3, ItemFilter.Block(0, []), 0).IsDirect);
    }

    private static ItemFilter Some(int count) => ItemFilter.Where(Count, row => row < count);

    private SearchPlan Plan(int k, ItemFilter? filter, int excludedCount) =>
        new(new SearchSpace(_index.Snapshot), new SearchEffort(8, Math.Max(100, k), 10, false, Margins), k, filter, excludedCount);
}

namespace DotRec.Modeling.Tests;

public class HistoryTargetsTests
{
    [Fact]
    public void The_last_item_of_a_history_that_is_long_enough_is_its_target()
    {
        var held = HistoryTargets.LeaveLastOut(Histories.Of(9, [[1, 2, 3], [4, 5], [6], []]), shortest: 3);
        Assert.Equal(1, held.Count);
        Assert.Equal([3, -1, -1, -1], held.Targets);
        Assert.Equal([1, 2], held.Histories.Of(0).ToArray());
        Assert.Equal([4, 5], held.Histories.Of(1).ToArray());
    }

    [Fact]
    public void Targets_outside_the_catalogue_or_of_another_number_are_refused()
    {
        var histories = Histories.Of(9, [[1], [2]]);
        Assert.StartsWith("There are 1 targets for 2 histories.", Assert.Throws<ArgumentException>(() => new HistoryTargets(histories, [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The target of query 1 is row 9;", Assert.Throws<ArgumentException>(() => new HistoryTargets(histories, [1, 9])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_has_only_queries_with_a_target_in_order()
    {
        var held = HistoryTargets.LeaveLastOut(Histories.Of(100, [.. Enumerable.Range(0, 50).Select(i => (IReadOnlyList<int>)(i % 2 == 0 ? new[] { i } : [i, i + 1]))]));
        var sample = held.Sample(10, new Kernels.SeededRandom(1));
        Assert.Equal(10, sample.Count);
        Assert.Equal(10, sample.Histories.Count);
        Assert.All(Enumerable.Range(0, 10), query => Assert.Equal(sample.Targets[query] - 1, sample.Histories.Of(query)[0]));
        Assert.Equal(sample.Targets.Order(), sample.Targets);
        Assert.Equal(25, held.Sample(1000, new Kernels.SeededRandom(1)).Count);
    }
}

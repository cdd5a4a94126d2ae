using CsCheck;

namespace DotRec.Kernels.Tests;

public sealed class RankSelectionTests
{
    private static readonly Gen<int> Values = Gen.OneOf(Gen.Int, Gen.Int[-3, 3], Gen.Bool.Select(most => most ? int.MaxValue : int.MinValue));

    [Fact]
    public void As_many_as_asked_reach_the_threshold_unless_ties_forbid_it()
    {
        Gen.Select(Values.Array[1, 300], Gen.Int[0, 1000]).Sample((values, draw) =>
        {
            var count = 1 + (draw % values.Length);
            var threshold = RankSelection.Threshold(values, count);
            var ranked = values.OrderDescending().ToArray();
            Assert.Equal(count == values.Length || ranked[count] < ranked[count - 1] ? count : ranked.Count(value => value >= ranked[count - 1]),
                values.Count(value => value >= threshold));
        });
    }

    [Fact]
    public void With_slack_no_fewer_reach_the_threshold_and_no_more_than_that_unless_ties_forbid_it()
    {
        Gen.Select(Values.Array[1, 300], Gen.Int[0, 1000], Gen.Int[0, 40]).Sample((values, draw, slack) =>
        {
            var count = 1 + (draw % values.Length);
            var ranked = values.OrderDescending().ToArray();
            var tied = ranked.Count(value => value >= ranked[count - 1]);
            var reached = values.Count(value => value >= RankSelection.Threshold(values, count, slack));
            Assert.InRange(reached, count, Math.Max(count + slack, tied));
        });
    }

    [Fact]
    public unsafe void Scores_that_reach_a_threshold_are_kept_in_their_order_with_their_positions()
    {
        Gen.Select(Values.Array[0, 100], Values).Sample((values, threshold) =>
        {
            var (scores, positions) = (values.ToArray(), Enumerable.Range(7, values.Length).ToArray());
            fixed (int* score = scores)
            fixed (int* position = positions)
            {
                var kept = RankSelection.Keep(score, position, values.Length, threshold);
                Assert.Equal(values.Where(value => value >= threshold), scores[..kept]);
                Assert.Equal(values.Index().Where(pair => pair.Item >= threshold).Select(pair => pair.Index + 7), positions[..kept]);
            }
        });
    }

    [Fact]
    public void Integers_order_as_their_floats_do()
    {
        Gen.Select(Gen.Single, Gen.Single).Where((x, y) => !float.IsNaN(x) && !float.IsNaN(y)).Sample((x, y) =>
        {
            Assert.True(x >= y || RankSelection.Ordered(x) < RankSelection.Ordered(y));
            Assert.Equal(x, RankSelection.Value(RankSelection.Ordered(x)));
        });
    }

    [Fact]
    public void Spans_are_ordered_as_single_values_are()
    {
        Gen.Single.Array[0, 40].Sample(values =>
        {
            var ordered = new int[values.Length];
            RankSelection.Order(values, ordered);
            Assert.Equal(values.Select(RankSelection.Ordered), ordered);
        });
    }
}

using CsCheck;

namespace DotRec.Kernels.Tests;

public sealed class TopSelectorTests
{
    private static readonly float[] Special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon];

    // Few distinct values, so that ties are common; both zeros, infinities and NaN among them.
    private static readonly Gen<float> Scores = Gen.Frequency(
        (8, Gen.Int[-5, 5].Select(x => x / 2f)),
        (1, Gen.Int[0, 6].Select(i => Special[i])),
        (4, Gen.Single[-1, 1]));

    [Fact]
    public void Selects_what_sorting_by_score_then_row_would()
    {
        Gen.Select(Scores.Array[0, 700], Gen.Int[1, 90]).Sample((scores, count) =>
        {
            var selector = new TopSelector(count);
            selector.AddRange(scores, firstRow: 3);
            Assert.Equal(Expected(scores, count, 3), Best(selector));
        });
    }

    [Fact]
    public void Does_not_depend_on_the_order_of_arrival()
    {
        Gen.Select(Scores.Array[1, 400], Gen.Int[1, 40], Gen.ULong).Sample((scores, count, seed) =>
        {
            var order = Enumerable.Range(0, scores.Length).ToArray();
            new SeededRandom(seed).Shuffle<int>(order);
            var selector = new TopSelector(count);
            selector.AddRange(order.Select(row => scores[row]).ToArray(), order);
            Assert.Equal(Expected(scores, count, 0), Best(selector));
        });
    }

    [Fact]
    public void Threshold_never_rejects_a_pair_of_the_answer()
    {
        Gen.Select(Scores.Array[1, 400], Gen.Int[1, 10]).Sample((scores, count) =>
        {
            var selector = new TopSelector(count);
            foreach (var (row, score) in scores.Index())
            {
                selector.Add(score, row);
            }

            Assert.All(Best(selector), pair => Assert.True(pair.Score >= selector.Threshold));
        });
    }

    [Fact]
    public void Goes_on_after_its_answer_was_read_and_starts_anew_after_Clear()
    {
        var selector = new TopSelector(2);
        selector.AddRange([1f, 5f, 3f], 0);
        Assert.Equal([(5f, 1), (3f, 2)], Best(selector));
        selector.Add(4f, 9);
        Assert.Equal([(5f, 1), (4f, 9)], Best(selector));
        selector.Clear();
        selector.Add(-7f, 4);
        Assert.Equal([(-7f, 4)], Best(selector));
    }

    [Fact]
    public void Restarted_with_another_count_it_selects_as_a_new_one_would()
    {
        Gen.Select(Scores.Array[0, 300], Gen.Int[1, 90]).Array[1, 5].Sample(rounds =>
        {
            var selector = new TopSelector(1);
            foreach (var (scores, count) in rounds)
            {
                selector.Restart(count);
                selector.AddRange(scores, firstRow: 0);
                Assert.Equal(Expected(scores, count, 0), Best(selector));
            }
        });
    }

    private static (float Score, int Row)[] Expected(float[] scores, int count, int firstRow) =>
        [.. scores.Index().Where(pair => !float.IsNaN(pair.Item)).OrderByDescending(pair => pair.Item + 0f).ThenBy(pair => pair.Index)
            .Take(count).Select(pair => (pair.Item + 0f, pair.Index + firstRow))];

    private static (float Score, int Row)[] Best(TopSelector selector)
    {
        var scores = new float[selector.Count];
        var rows = new int[selector.Count];
        var length = selector.CopyBest(scores, rows);
        return [.. scores.Zip(rows).Take(length)];
    }
}

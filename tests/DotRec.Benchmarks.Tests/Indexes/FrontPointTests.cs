using CsCheck;
using DotRec.Indexing;

namespace DotRec.Benchmarks.Tests;

public class FrontPointTests
{
    [Fact]
    public void The_front_is_what_no_other_point_beats() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 9]).Array[0, 30].Sample(pairs =>
        {
            var points = pairs.Select(pair => Point(pair.Item1 / 10.0, pair.Item2)).ToArray();
            var front = FrontPoint.Front(points);
            Assert.All(points, point => Assert.Contains(front, other => other.Recall >= point.Recall && other.Qps >= point.Qps));
            for (var i = 1; i < front.Length; i++)
            {
                Assert.True(front[i].Recall > front[i - 1].Recall && front[i].Qps < front[i - 1].Qps);
            }
        });

    [Fact]
    public void Figures_of_a_setting_are_those_of_the_queries_asked_for()
    {
        // Even queries: hits 10 and 8 in 10 and 30 µs; odd ones: 4 and 2 in 20 and 40 µs.
        var setting = new MeasuredSetting(new ScannSearchOptions(3, 20), [10, 4, 8, 2], [10, 20, 30, 40], k: 10, threads: 1);
        Assert.Equal(new FrontPoint(0.9, 1e6 / 20, 10, 30, new ScannSearchOptions(3, 20)), setting.OverValidation());
        Assert.Equal(new FrontPoint(0.3, 1e6 / 30, 20, 40, new ScannSearchOptions(3, 20)), setting.OverTest());
        Assert.Equal(new FrontPoint(0.6, 1e6 / 25, 20, 40, new ScannSearchOptions(3, 20)), setting.OverAll());
        Assert.Equal(3e6 / 25, new MeasuredSetting(default, [10, 4, 8, 2], [10, 20, 30, 40], k: 10, threads: 3).OverAll().Qps, 1e-6);
    }

    [Fact]
    public void A_target_is_chosen_on_one_half_and_reported_on_the_other()
    {
        MeasuredSetting[] settings =
        [
            Setting(1, validationHits: 8, testHits: 10, microseconds: 10),
            Setting(2, validationHits: 9, testHits: 7, microseconds: 20),
            Setting(3, validationHits: 9, testHits: 10, microseconds: 30),
        ];
        var choice = RecallTarget.Choose(0.9, settings);
        Assert.Equal((2, 0.7), (choice.Point!.Settings.PartitionsToSearch, choice.Point.Recall));
        Assert.Null(RecallTarget.Choose(0.95, settings).Point);
        Assert.False((bool)RecallTarget.Choose(0.95, settings).ToJson()["reached"]!);
    }

    [Theory]
    [InlineData("0.9,high")]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("-0.5")]
    public void Targets_are_recalls(string text) =>
        Assert.StartsWith("--target has '", Assert.Throws<UsageException>(() => RecallTarget.Parse(text)).Message, StringComparison.Ordinal);

    private static FrontPoint Point(double recall, double qps) => new(recall, qps, 1, 1, default);

    private static MeasuredSetting Setting(int partitions, int validationHits, int testHits, double microseconds) =>
        new(new ScannSearchOptions(partitions, 10), [validationHits, testHits], [microseconds, microseconds], k: 10, threads: 1);
}

using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Features.Tests;

public sealed class PiecewiseLinearTests
{
    [Fact]
    public void Cuts_stand_where_the_label_jumps_and_nowhere_else()
    {
        var random = new SeededRandom(1);
        var numbers = Enumerable.Range(0, 4000).Select(_ => (float)random.NextDouble() * 100).ToArray();
        var labels = Array.ConvertAll(numbers, x => random.NextDouble() < (x is > 30 and < 33 ? 0.9 : x > 70 ? 0.6 : 0.2) ? 1f : 0);
        var layer = new PiecewiseLinear("x", Data(numbers, labels), "y");
        Assert.InRange(layer.Cuts.Count, 3, 5);
        Assert.All([30, 33, 70], jump => Assert.Contains(layer.Cuts, cut => Math.Abs(cut - jump) < 1));
    }

    [Fact]
    public void A_number_that_has_nothing_to_do_with_the_label_is_hardly_cut()
    {
        var random = new SeededRandom(2);
        var cuts = Enumerable.Range(0, 20).Sum(_ =>
        {
            float[] numbers = [.. Enumerable.Range(0, 2000).Select(_ => (float)random.NextNormal())];
            return new PiecewiseLinear("x", Data(numbers, [.. numbers.Select(_ => (float)random.NextInt(2))]), "y").Cuts.Count;
        });
        Assert.InRange(cuts, 0, 30);
    }

    [Fact]
    public void The_first_cut_is_the_best_of_all_by_squared_error_and_leaves_are_large_enough()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            float[] numbers = [.. Enumerable.Range(0, 60).Select(_ => (float)random.NextInt(25))];
            float[] labels = [.. numbers.Select(x => (float)(random.NextNormal() + (x / 10)))];
            var layer = new PiecewiseLinear("x", Data(numbers, labels), "y", bins: 2, minimumRows: 7, minimumGain: 0);
            var candidates = numbers.Distinct().Order().Skip(1)
                .Where(x => numbers.Count(n => n < x) >= 7 && numbers.Count(n => n >= x) >= 7)
                .Select(x => (Above: x, Error: Error(labels, numbers, n => n < x) + Error(labels, numbers, n => n >= x)));
            var best = candidates.MinBy(one => one.Error).Above;
            var cut = Assert.Single(layer.Cuts);
            Assert.Equal(best, numbers.Where(n => n > cut).Min());
        }
    }

    [Fact]
    public void Parts_rise_across_their_bin_and_the_bin_is_marked()
    {
        var layer = Halves();
        Assert.Equal([9.5], layer.Cuts);
        var rows = ((EncodedNumbers)layer.Encode(new FeatureBatch(new Column<float>("x", [0f, 4.75f, 9.5f, 19f, 14.25f, -100f, 1000f, float.PositiveInfinity])))).Values.ToArray();
        Assert.Equal(
            [0, 0, 1, 0, 0.5f, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0.5f, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1],
            rows);
    }

    [Fact]
    public void A_missing_number_is_marked_where_training_rows_lack_some_and_else_counts_as_the_mean()
    {
        var marked = new PiecewiseLinear("x", Data([float.NaN, .. Twenty()], [1f, .. Twenty().Select(x => x < 10 ? 0f : 1)]), "y", minimumRows: 2, minimumGain: 0);
        Assert.True(marked.MarksMissing);
        Assert.Equal([0, 0, 0, 0, 1], marked.Encode(new FeatureBatch(new Column<float>("x", [float.NaN]))).Values.ToArray());
        var unmarked = Halves();
        var asMean = unmarked.Encode(new FeatureBatch(new Column<float>("x", [float.NaN, 9.5f]))).Values.ToArray();
        Assert.Equal(asMean[..4], asMean[4..]);
    }

    [Fact]
    public void Equal_numbers_few_rows_and_the_greatest_doubles_make_one_bin_or_more_without_a_number_that_is_none()
    {
        double[][] columns = [[5, 5, 5, 5], [-1.7e308, 1.7e308, 0, 3], [double.Epsilon, 0, 2 * double.Epsilon, 1], [1, 2, 3, 4]];
        foreach (var numbers in columns)
        {
            var data = new FeatureBatch(new Column<double>("x", numbers), new Column<float>("y", [0, 1, 0, 1]));
            var layer = new PiecewiseLinear("x", data, "y", minimumRows: 1, minimumGain: 0);
            Assert.All(((EncodedNumbers)layer.Encode(data)).Values.ToArray(), value => Assert.InRange(value, 0f, 1f));
        }
    }

    [Fact]
    public void Labels_that_cannot_be_read_are_refused_by_name()
    {
        var x = new Column<float>("x", [1f, 2f]);
        Assert.StartsWith(
            "PiecewiseLinear(\"x\") cannot adapt: its tree predicts column 'y', which the data lack. A column of numbers was expected, one a row.",
            Assert.Throws<ArgumentException>(() => new PiecewiseLinear("x", new FeatureBatch(x), "y")).Message);
        Assert.Contains("which the data hold as 'y: String'", Assert.Throws<ArgumentException>(() => new PiecewiseLinear("x", new FeatureBatch(x, new Column<string>("y", ["a", "b"])), "y")).Message);
        Assert.StartsWith(
            "PiecewiseLinear(\"x\") cannot adapt: row 1 has the label NaN in column 'y'; a finite number was expected.",
            Assert.Throws<ArgumentException>(() => new PiecewiseLinear("x", new FeatureBatch(x, new Column<float>("y", [0f, float.NaN])), "y")).Message);
        Assert.StartsWith("PiecewiseLinear(\"x\"): the number and the label are both column 'x'.", Assert.Throws<ArgumentException>(() => new PiecewiseLinear("x", "x")).Message);
        Assert.Contains("expected 1 to 4,096", Assert.Throws<ArgumentOutOfRangeException>(() => new PiecewiseLinear("x", "y", bins: 0)).Message);
    }

    private static PiecewiseLinear Halves() => new("x", Data(Twenty(), [.. Twenty().Select(x => x < 10 ? 0f : 1)]), "y", minimumRows: 2, minimumGain: 0);

    private static float[] Twenty() => [.. Enumerable.Range(0, 20).Select(n => (float)n)];

    private static FeatureBatch Data(float[] numbers, float[] labels) => new(new Column<float>("x", numbers), new Column<float>("y", labels));

    private static double Error(float[] labels, float[] numbers, Func<float, bool> isIn)
    {
        var inside = labels.Where((_, i) => isIn(numbers[i])).Select(label => (double)label).ToArray();
        var mean = inside.Average();
        return inside.Sum(label => (label - mean) * (label - mean));
    }
}

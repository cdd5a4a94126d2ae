using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class ListLossTests
{
    public static TheoryData<string> Losses => ["PairwiseHinge", "PairwiseLogistic", "ListMle", "ListSoftmax"];

    [Fact]
    public void Values_by_hand()
    {
        // Scores 0.6 and 0.8, the first is wanted.
        Assert.Equal(1.2 / 2, Value(new PairwiseHinge(), [0.6, 0.8], [1, 0]), 1e-12);
        Assert.Equal(Math.Log(1 + Math.Exp(0.2)) / 2, Value(new PairwiseLogistic(), [0.6, 0.8], [1, 0]), 1e-12);
        Assert.Equal(Math.Log(1 + Math.Exp(0.2)), Value(new ListMle(), [0.6, 0.8], [1, 0]), 1e-12);
        Assert.Equal(Math.Log(1 + Math.Exp(0.2)), Value(new ListSoftmax(), [0.6, 0.8], [1, 0]), 1e-12);

        // Equal scores: every order of three is equally likely, so is every place of one.
        Assert.Equal(Math.Log(6), Value(new ListMle(), [5, 5, 5], [2, 1, 0]), 1e-12);
        Assert.Equal(3 * Math.Log(3), Value(new ListSoftmax(), [5, 5, 5], [2, 1, 0]), 1e-12);
        Assert.Equal(3.0 / 3, Value(new PairwiseHinge(), [5, 5, 5], [2, 1, 0]), 1e-12);
        Assert.Equal(0, Value(new PairwiseHinge(), [3, 2, 1], [2, 1, 0]));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Losses_are_those_of_the_formulas_and_slopes_their_derivatives(string name)
    {
        var loss = Loss(name);
        var random = new SeededRandom(7);
        for (var trial = 0; trial < 60; trial++)
        {
            var length = 1 + random.NextInt(9);
            double[] scores = [.. Enumerable.Range(0, length).Select(_ => 3 * random.NextNormal())];
            float[] labels = [.. Enumerable.Range(0, length).Select(_ => (float)random.NextInt(4))];
            float[] weights = [.. Enumerable.Range(0, length).Select(_ => random.NextInt(4) * 0.5f)];
            var slopes = new double[length];

            var value = loss.Compute(scores, labels, weights, slopes);

            Assert.Equal(Naive(name, scores, labels, weights), value, 1e-10 * Math.Max(1, Math.Abs(value)));
            for (var i = 0; i < length; i++)
            {
                double At(double step) => Value(loss, [.. scores.Select((score, j) => j == i ? score + step : score)], labels, weights);
                Assert.Equal((At(1e-6) - At(-1e-6)) / 2e-6, slopes[i], 1e-6 * Math.Max(1, Math.Abs(slopes[i])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Only_differences_of_scores_matter_not_their_place_nor_the_order_of_rows(string name)
    {
        var random = new SeededRandom(8);
        double[] scores = [.. Enumerable.Range(0, 40).Select(_ => random.NextNormal())];
        float[] labels = [.. Enumerable.Range(0, 40).Select(_ => (float)random.NextInt(5))];
        float[] weights = [.. Enumerable.Range(0, 40).Select(_ => random.NextSingle())];
        var (value, slopes) = Compute(Loss(name), scores, labels, weights);

        Assert.Equal(0, slopes.Sum(), 1e-10);
        Assert.Equal(value, Value(Loss(name), [.. scores.Select(score => score + 1000)], labels, weights), 1e-8);
        var order = Enumerable.Range(0, 40).ToArray();
        random.Shuffle<int>(order);
        var permuted = Compute(Loss(name), [.. order.Select(i => scores[i])], [.. order.Select(i => labels[i])], [.. order.Select(i => weights[i])]);
        Assert.Equal(value, permuted.Loss, 1e-10);
        Assert.All(order.Select((from, to) => (slopes[from], permuted.Slopes[to])), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-10));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Lists_of_one_lose_nothing_and_scores_far_apart_stay_finite(string name)
    {
        var (alone, slope) = Compute(Loss(name), [7], [3], [1]);
        Assert.Equal(0, alone, 1e-12);
        Assert.Equal(0, slope[0], 1e-12);

        var (loss, slopes) = Compute(Loss(name), [-1e5, 0, 1e5, 1e5], [3, 2, 1, 1], [1, 1, 1, 1]);
        Assert.True(double.IsFinite(loss) && loss > 1e4);
        Assert.All(slopes, value => Assert.True(double.IsFinite(value)));
        Assert.True(slopes[0] < 0);
        Assert.True(double.IsNaN(Value(Loss(name), [double.NaN, 0, 1], [2, 1, 0])));
    }

    [Fact]
    public void Equal_labels_are_no_preference()
    {
        double[] scores = [1, -2, 0.5];
        Assert.Equal(0, Value(new PairwiseHinge(), scores, [2, 2, 2]));
        Assert.Equal(0, Value(new ListSoftmax(), scores, [0, 0, 0]));

        // ListMLE over ties: between the mean over all orders of the tied items and, at equal scores, exactly it.
        var orders = new[] { (0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0) };
        double Mean(double[] s) => orders.Average(o => Value(new ListMle(), [s[o.Item1], s[o.Item2], s[o.Item3]], [2, 1, 0]));
        Assert.InRange(Value(new ListMle(), scores, [2, 2, 2]), Mean(scores), Mean(scores) * 1.25);
        Assert.Equal(Mean([3, 3, 3]), Value(new ListMle(), [3, 3, 3], [2, 2, 2]), 1e-12);
        Assert.All(Compute(new ListMle(), [3, 3, 3], [2, 2, 2], [1, 1, 1]).Slopes, slope => Assert.Equal(0, slope, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_batch_is_the_mean_of_its_lists_whatever_the_order_of_its_rows(string name)
    {
        var random = new SeededRandom(9);
        const int count = 300;
        float[] scores = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
        float[] labels = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextInt(3))];
        float[] weights = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        var lists = RowGroups.Of<int>([.. Enumerable.Range(0, count).Select(_ => random.NextInt(90))]);
        foreach (var reduction in Enum.GetValues<LossReduction>())
        {
            var predictions = Tensor.From(scores, count, 1);
            predictions.RequiresGradient = true;
            var loss = new Ranking(Loss(name)) { Reduction = reduction }.ComputeLoss(predictions, labels, weights, lists);
            loss.Backward();

            var scale = reduction == LossReduction.Mean ? 1.0 / lists.Count : 1;
            var expected = 0.0;
            for (var list = 0; list < lists.Count; list++)
            {
                var rows = lists[list].ToArray();
                var (part, slopes) = Compute(Loss(name), [.. rows.Select(r => (double)scores[r])], [.. rows.Select(r => labels[r])], [.. rows.Select(r => weights[r])]);
                expected += scale * part;
                Assert.All(rows.Select((row, i) => (row, i)), at => Assert.Equal(scale * slopes[at.i], predictions.Gradient!.Values[at.row], 1e-6));
            }

            Assert.Equal(expected, loss.Scalar, 1e-6 * expected);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Rows_of_a_matrix_are_lists(string name)
    {
        float[] scores = [0.1f, 0.5f, 0.3f, 2, 1, 0], labels = [2, 0, 1, 0, 0, 3];
        var task = new Ranking(Loss(name));

        var matrix = task.ComputeLoss(Tensor.From(scores, 2, 3), labels).Scalar;

        Assert.Equal(matrix, task.ComputeLoss(Tensor.From(scores, 6), labels, lists: RowGroups.Of<string>(["a", "a", "a", "b", "b", "b"])).Scalar);
        Assert.Equal((Value(Loss(name), [0.1f, 0.5f, 0.3f], [2, 0, 1]) + Value(Loss(name), [2, 1, 0], [0, 0, 3])) / 2, matrix, 1e-6);
        Assert.Equal(0, task.ComputeLoss(Tensor.Zeros(0, 3), default).Scalar);
    }

    [Fact]
    public void What_is_no_list_is_refused()
    {
        var task = new Ranking(new ListMle());
        string Message(Tensor predictions, float[] labels, RowGroups? lists) =>
            Assert.Throws<ArgumentException>(() => task.ComputeLoss(predictions, labels, lists: lists)).Message;
        var pair = RowGroups.OfLength(2, 1);

        Assert.Contains("not told which examples", Message(Tensor.Zeros(2, 1), [1, 0], null), StringComparison.Ordinal);
        Assert.Contains("of 2 examples, but there are 3", Message(Tensor.Zeros(3), [1, 0, 0], pair), StringComparison.Ordinal);
        Assert.Contains("label of row 1 is -1", Message(Tensor.Zeros(2), [1, -1], pair), StringComparison.Ordinal);
        Assert.Contains("label of row 0 is NaN", Message(Tensor.Zeros(2), [float.NaN, 1], pair), StringComparison.Ordinal);
    }

    private static ListLoss Loss(string name) => name switch
    {
        "PairwiseHinge" => new PairwiseHinge(),
        "PairwiseLogistic" => new PairwiseLogistic(),
        "ListMle" => new ListMle(),
        _ => new ListSoftmax(),
    };

    private static (double Loss, double[] Slopes) Compute(ListLoss loss, double[] scores, float[] labels, float[] weights)
    {
        var slopes = new double[scores.Length];
        return (loss.Compute(scores, labels, weights, slopes), slopes);
    }

    private static double Value(ListLoss loss, double[] scores, float[] labels, float[]? weights = null) =>
        Compute(loss, scores, labels, weights ?? [.. labels.Select(_ => 1f)]).Loss;

    /// <summary>The formulas, word for word.</summary>
    private static double Naive(string name, double[] s, float[] y, float[] w)
    {
        var items = Enumerable.Range(0, s.Length).ToArray();
        var pairs = from i in items from j in items where y[i] > y[j] select (i, j);
        return name switch
        {
            "PairwiseHinge" => pairs.Sum(p => w[p.i] * Math.Max(0, 1 - (s[p.i] - s[p.j]))) / s.Length,
            "PairwiseLogistic" => pairs.Sum(p => w[p.i] * Math.Log(1 + Math.Exp(s[p.j] - s[p.i]))) / s.Length,
            "ListSoftmax" => items.Sum(i => w[i] * y[i] * (Math.Log(items.Sum(j => Math.Exp(s[j]))) - s[i])),
            _ => y.Distinct().Sum(label =>
            {
                var tied = items.Where(i => y[i] == label).ToArray();
                var worse = items.Where(i => y[i] < label).Sum(i => Math.Exp(s[i]));
                var normalizers = Enumerable.Range(0, tied.Length)
                    .Sum(l => Math.Log(worse + ((1 - ((double)l / tied.Length)) * tied.Sum(i => Math.Exp(s[i])))));
                return (tied.Average(i => (double)w[i]) * normalizers) - tied.Sum(i => (double)w[i] * s[i]);
            }),
        };
    }
}

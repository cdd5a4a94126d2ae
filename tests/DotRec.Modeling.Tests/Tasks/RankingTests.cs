using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class RankingTests
{
    private static readonly PointwiseLoss[] Ready = [PointwiseLoss.BinaryCrossEntropy, PointwiseLoss.BinaryCrossEntropyOfLogits, PointwiseLoss.SquaredError];

    public static TheoryData<string, LossReduction> Losses => new(
        from loss in Ready from reduction in Enum.GetValues<LossReduction>() select (loss.Name, reduction));

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_and_gradient_are_those_of_the_formula(string name, LossReduction reduction)
    {
        var loss = Array.Find(Ready, ready => ready.Name == name)!;
        var random = new SeededRandom(4);
        const int count = 50;
        var isProbability = loss == PointwiseLoss.BinaryCrossEntropy;
        float[] predictions = [.. Enumerable.Range(0, count).Select(_ => isProbability ? 0.05f + (0.9f * random.NextSingle()) : (float)(3 * random.NextNormal()))];
        float[] labels = [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? random.NextSingle() : i % 2)];
        float[] weights = [.. Enumerable.Range(0, count).Select(i => i % 5 * 0.5f)];
        var input = Tensor.From(predictions, count, 1);
        input.RequiresGradient = true;

        var value = new Ranking(loss) { Reduction = reduction }.ComputeLoss(input, labels, weights);
        value.Value.Backward();

        double Term(int i, double x)
        {
            var p = isProbability ? x : 1 / (1 + Math.Exp(-x));
            var term = loss == PointwiseLoss.SquaredError ? Math.Pow(x - labels[i], 2) : -(labels[i] * Math.Log(p)) - ((1 - labels[i]) * Math.Log(1 - p));
            return term * weights[i] / (reduction == LossReduction.Mean ? count : 1);
        }

        var expected = Enumerable.Range(0, count).Sum(i => Term(i, predictions[i]));
        Assert.Equal(expected, value.Value.Scalar, 1e-6 * Math.Max(1, expected));
        for (var i = 0; i < count; i++)
        {
            var slope = (Term(i, predictions[i] + 1e-5) - Term(i, predictions[i] - 1e-5)) / 2e-5;
            Assert.Equal(slope, input.Gradient!.Values[i], 1e-5 * Math.Max(1, Math.Abs(slope)));
        }
    }

    [Fact]
    public void Logits_far_out_keep_their_loss_and_gradient_and_certain_mistakes_of_probabilities_stay_finite()
    {
        var logits = Tensor.From([200f, -200f], 2);
        logits.RequiresGradient = true;
        var loss = new Ranking(PointwiseLoss.BinaryCrossEntropyOfLogits) { Reduction = LossReduction.Sum }.ComputeLoss(logits, new float[] { 0, 1 });
        loss.Value.Backward();
        Assert.Equal(400, loss.Value.Scalar);
        Assert.Equal([1, -1], logits.Gradient!.Values.ToArray());

        Assert.Equal(-Math.Log(1e-7), new Ranking().ComputeLoss(Tensor.From([1f], 1), new float[] { 0 }).Value.Scalar, 1e-4);
    }

    [Fact]
    public void A_batch_of_one_or_none_is_like_any_other()
    {
        Assert.Equal(4, new Ranking(PointwiseLoss.SquaredError).ComputeLoss(Tensor.From([3f], 1, 1), new float[] { 1 }).Value.Scalar);
        Assert.Equal(0, new Ranking(PointwiseLoss.SquaredError).ComputeLoss(Tensor.Zeros(0, 1), default).Value.Scalar);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_row()
    {
        var two = Tensor.From([0.1f, 0.2f], 2);
        Assert.Contains("label of row 1 is 5", Message(two, [1, 5], []), StringComparison.Ordinal);
        Assert.Contains("label of row 0 is NaN", Message(two, [float.NaN, 1], []), StringComparison.Ordinal);
        Assert.Contains("and 3 labels", Message(two, [1, 0, 1], []), StringComparison.Ordinal);
        Assert.Contains("1 sample weights for 2 examples", Message(two, [1, 0], [1]), StringComparison.Ordinal);
        Assert.Contains("sample weight of row 1 is -1", Message(two, [1, 0], [1, -1]), StringComparison.Ordinal);
        Assert.Contains("End the model in one unit", Message(Tensor.Zeros(2, 3), [1, 0], []), StringComparison.Ordinal);
    }

    private static string Message(Tensor predictions, float[] labels, float[] weights) =>
        Assert.Throws<ArgumentException>(() => new Ranking().ComputeLoss(predictions, labels, weights)).Message;
}

using CsCheck;
using DotRec.Autodiff;

namespace DotRec.Modeling.Tests;

public class LossTests
{
    private static readonly Tensor Six = Tensor.From([6f]);

    [Fact]
    public void A_sum_is_minimised_as_it_is_and_reported_per_example_and_a_mean_is_both()
    {
        var (sum, mean) = (Loss.Sum(Six, 3), Loss.Mean(Six, 3));

        Assert.Equal((6, 2, 3), (sum.Value.Scalar, sum.PerExample, sum.Scale));
        Assert.Equal((6, 6, 1), (mean.Value.Scalar, mean.PerExample, mean.Scale));
        Assert.Equal((0, 0), (Loss.Sum(Tensor.From([0f]), 0).PerExample, Loss.Mean(Tensor.From([0f]), 0).PerExample));
    }

    [Fact]
    public void Means_per_example_add_up_and_what_is_minimised_is_always_their_total_times_the_scale() => Random.Sample(losses =>
    {
        var total = losses.Aggregate((left, right) => left + right);
        var expected = losses.Sum(loss => loss.PerExample);

        Assert.Equal(expected, total.PerExample, 1e-9 * (1 + Math.Abs(expected)));
        Assert.Equal(losses.Max(loss => loss.Scale), total.Scale);
        Assert.Equal(total.Scale * total.PerExample, total.Value.Scalar, 1e-4 * (1 + (total.Scale * losses.Sum(loss => Math.Abs(loss.PerExample)))));

        // In whatever order and grouping.
        var other = losses.Reverse().Aggregate((left, right) => right + left);
        Assert.Equal((total.Scale, total.PerExample), (other.Scale, Math.Round(other.PerExample - total.PerExample, 9) + total.PerExample));
        Assert.Equal(total.Value.Scalar, other.Value.Scalar, 1e-4 * (1 + Math.Abs(total.Value.Scalar)));
    }, iter: 300, threads: 1);

    [Fact]
    public void The_gradient_is_that_of_the_total_times_the_scale()
    {
        // w · 3 summed over three examples, w² averaged over any: 3w/3 + 0.5 · w² per example, times 3.
        var weight = new Parameter("w", 1);
        weight.Value.WritableValues()[0] = 4;

        var total = Loss.Sum(weight.Value.Sum() * 3, 3) + (0.5 * Loss.Mean((weight.Value * weight).Mean(), 7));
        total.Value.Backward();

        Assert.Equal((12, 3), (total.PerExample, total.Scale));
        Assert.Equal(3 * (1 + 4), weight.Gradient!.Scalar);
    }

    [Fact]
    public void A_name_keeps_the_loss_as_it_was_when_named()
    {
        var (rating, retrieval) = (Loss.Mean(Six, 3).Named("rating"), Loss.Sum(Six, 3));
        var total = (retrieval * 10).Named("retrieval") + (rating * 0.5);

        Assert.Equal(20 + 3, total.PerExample);
        Assert.Equal([("rating", 6), ("retrieval", 20)], total.Parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => (part.Key, part.Value)));
        Assert.Equal(23, total.Named("all").Parts["all"]);
        Assert.Contains("'rating'", Assert.Throws<ArgumentException>(() => total + rating).Message, StringComparison.Ordinal);
        Assert.Contains("'rating'", Assert.Throws<ArgumentException>(() => rating.Named("rating")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_loss_is_refused()
    {
        Assert.Contains("A loss is one number", Assert.Throws<ArgumentException>(() => Loss.Mean(Tensor.Zeros(2, 3), 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Sum(Six, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.Sum(Six, 1) * double.NaN);
    }

    [Fact]
    public void An_average_over_batches_counts_each_summand_by_its_own_examples()
    {
        // Two batches of 2 and 1 rows, whose rows are 1 and 3 lists: as one batch of 3 rows and 4 lists.
        var average = new LossAverage();
        average.Add(Loss.Mean(Tensor.From([3f]), 2) + Loss.Sum(Tensor.From([8f]), 1).Named("lists"));
        average.Add(Loss.Mean(Tensor.From([6f]), 1) + Loss.Sum(Tensor.From([12f]), 3).Named("lists"));

        Assert.Equal(4 + 5, average.Mean);
        Assert.Equal(5, average.Parts["lists"]);

        var restored = new LossAverage();
        restored.Restore(average.Save());
        Assert.Equal((average.Mean, average.Parts["lists"]), (restored.Mean, restored.Parts["lists"]));
    }

    private static Gen<Loss[]> Random { get; } = Gen.Select(
        Gen.Float[-10, 10], Gen.Int[1, 50], Gen.Bool, Gen.Double[0.1, 3],
        (value, count, isSum, weight) => (isSum ? Loss.Sum(Tensor.From([value]), count) : Loss.Mean(Tensor.From([value]), count)) * weight).Array[2, 5];
}

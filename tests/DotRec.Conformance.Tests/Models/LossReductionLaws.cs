using CsCheck;
using DotRec.Modeling;

namespace DotRec.Conformance.Tests;

/// <summary>
/// Whether a task sums or averages changes the size of the gradient and nothing else: at a learning rate that makes up for it, the reported losses and
/// the trained weights are the same, penalties on weights and embeddings included.
/// </summary>
public class LossReductionLaws
{
    private const double Rate = 0.2;

    public static TheoryData<string> Models => [.. ReductionCase.All.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Sum_and_mean_report_and_train_alike_under_penalties(string name) => Problems.Sample(
        problem =>
        {
            var make = ReductionCase.All[name];
            var mean = Fit(make(problem, LossReduction.Mean, LossReduction.Mean), problem, scale: 1);
            foreach (var (first, second) in new[] { (LossReduction.Sum, LossReduction.Sum), (LossReduction.Sum, LossReduction.Mean), (LossReduction.Mean, LossReduction.Sum) })
            {
                var reduced = make(problem, first, second);
                var other = Fit(reduced, problem, reduced.ScaleOf(first, second));

                AssertEqual(mean.Losses, other.Losses, $"{name} {first} {second}: losses");
                AssertEqual(mean.Weights, other.Weights, $"{name} {first} {second}: weights");
                Assert.Equal(mean.Evaluated, other.Evaluated, 1e-4 * (1 + mean.Evaluated));
            }

            // The penalty is felt: a law that holds because nothing is penalised would say nothing.
            var free = Fit(make(problem with { L2 = 0 }, LossReduction.Mean, LossReduction.Mean), problem, scale: 1);
            Assert.True(Size(mean.Weights) < 0.99 * Size(free.Weights), $"{name}: {Size(mean.Weights)} with a penalty of {problem.L2}, {Size(free.Weights)} without");
        },
        iter: 4,
        threads: 1);

    private static Gen<ReductionProblem> Problems { get; } =
        from seed in Gen.ULong
        from queries in Gen.Int[4, 20]
        from length in Gen.Int[2, 6]
        from l2 in Gen.Double[0.2, 0.6]
        from weight in Gen.Double[0.2, 2]
        select new ReductionProblem(seed, queries, length, l2, weight);

    private static (double[] Losses, double[] Weights, double Evaluated) Fit(ReductionCase reduction, ReductionProblem problem, double scale)
    {
        // One batch of everything an epoch: the scale is the same in every step.
        var options = new FitOptions { Epochs = 40, BatchSize = problem.Data.RowCount, Optimizer = new Sgd(Rate / scale), Seed = problem.Seed };
        var fit = reduction.Model.Fit(problem.Data, options, TestContext.Current.CancellationToken);
        return (
            [.. fit.Epochs.Select(epoch => epoch.Loss)],
            [.. reduction.Model.Parameters.SelectMany(parameter => parameter.Value.Values.ToArray()).Select(weight => (double)weight)],
            reduction.Model.Evaluate(problem.Data, cancellationToken: TestContext.Current.CancellationToken).Loss);
    }

    private static double Size(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private static void AssertEqual(double[] expected, double[] actual, string what)
    {
        var distance = Size([.. expected.Zip(actual, (x, y) => x - y)]);
        Assert.True(distance <= 1e-4 * (1 + Size(expected)), $"{what} differ by {distance} of {Size(expected)}");
    }
}

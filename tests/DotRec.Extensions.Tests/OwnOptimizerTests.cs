using DotRec.Modeling;

namespace DotRec.Extensions.Tests;

public class OwnOptimizerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_rule_of_ones_own_moves_weights_as_the_ready_one_where_it_is_the_same()
    {
        // Schedule, decay and clipping come from the base; tables, dense weights and the division by a composite too.
        AssertSame(
            new Sgd(0.05) { Momentum = 0.9, Schedule = LearningRateSchedule.CosineDecay(0.1), WeightDecay = 0.01, ClipNorm = 2 },
            new Momentum(0.05) { Schedule = LearningRateSchedule.CosineDecay(0.1), WeightDecay = 0.01, ClipNorm = 2 });
        AssertSame(
            new CompositeOptimizer((new Sgd(0.05) { Momentum = 0.9 }, parameter => parameter.IsRowSparse), (new Adam(), parameter => !parameter.IsRowSparse)),
            new CompositeOptimizer((new Momentum(0.05), parameter => parameter.IsRowSparse), (new Adam(), parameter => !parameter.IsRowSparse)));

        static void AssertSame(Optimizer ready, Optimizer own) => Assert.All(Fit(ready).Zip(Fit(own)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_fit_by_a_rule_of_ones_own_resumes_with_its_state_and_refuses_another_setting()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("dotrec-extensions-").FullName, "fit.checkpoint");
        var whole = Fit(new Momentum(0.05), epochs: 4);

        // Without a schedule, more epochs may be asked for later.
        Fit(new Momentum(0.05), epochs: 2, checkpoint: path);
        var message = Assert.Throws<InvalidOperationException>(() => Fit(new Momentum(0.05) { Share = 0.5f }, epochs: 4, checkpoint: path)).Message;
        var resumed = Fit(new Momentum(0.05), epochs: 4, checkpoint: path);

        Assert.Equal(whole, resumed);
        Assert.Contains("share 0.5", message, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_schedule_of_ones_own_is_followed_and_checked()
    {
        // Factor 0 after the first half: training to the end is training for half of it.
        var half = Fit(new Sgd(0.05), epochs: 2);
        Assert.Equal(half, Fit(new Sgd(0.05) { Schedule = new StopAt { Share = 0.5 } }, epochs: 4));
        Assert.Equal(0.25, (new StopAt { Share = 0.5 } with { WarmupSteps = 4 }).FactorAt(0, 10));
        Assert.Equal(1, new StopAt { Share = 0.5 }.FactorAt(4, 10));
        Assert.Equal(0, new StopAt { Share = 0.5 }.FactorAt(5, 10));
        Assert.Contains("StopAt", Assert.Throws<InvalidOperationException>(() => new StopAt { Share = 0.5, Otherwise = double.NaN }.FactorAt(9, 10)).Message, StringComparison.Ordinal);
    }

    private static float[] Fit(Optimizer optimizer, int epochs = 2, string? checkpoint = null)
    {
        var model = Films.Ranker(new Ranking(PointwiseLoss.SquaredError));
        model.Fit(
            Films.Ratings.Train,
            new FitOptions { Epochs = epochs, BatchSize = 600, Optimizer = optimizer, Checkpoint = checkpoint is null ? null : new CheckpointOptions(checkpoint) },
            Token);
        return Films.Weights(model);
    }

    private sealed class Momentum(double learningRate) : UpdateRule(learningRate)
    {
        public float Share { get; init; } = 0.9f;

        protected override IReadOnlyList<float> InitialSlots => [0f];

        protected override void Update(Span<float> weights, ReadOnlySpan<float> gradient, OptimizerSlots slots, in UpdateStep step)
        {
            var velocity = slots[0];
            for (var i = 0; i < weights.Length; i++)
            {
                velocity[i] = (velocity[i] * Share) - (gradient[i] * step.GradientScale * step.LearningRate);
                weights[i] = (weights[i] * step.Decay) + velocity[i];
            }
        }

        protected override string Describe() => FormattableString.Invariant($"{base.Describe()} share {Share}");
    }

    private sealed record StopAt : LearningRateSchedule
    {
        public double Share { get; init; }

        public double Otherwise { get; init; }

        protected override double FactorAfterWarmup(long step, long stepCount) => step < Share * stepCount ? 1 : Otherwise;
    }
}

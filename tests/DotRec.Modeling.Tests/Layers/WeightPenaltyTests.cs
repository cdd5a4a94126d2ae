using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling.Tests;

public class WeightPenaltyTests
{
    private static readonly FeatureBatch Data = new(
        new Column<float>("x", [.. Enumerable.Range(0, 24).Select(row => (row % 7) - 3f)]),
        new Column<float>("y", [.. Enumerable.Range(0, 24).Select(row => ((row % 7) - 3f) * 0.5f)]));

    [Fact]
    public void Adds_half_the_strength_times_the_squares_once_a_step()
    {
        // A network that uses one cross layer twice still penalises its weights once: λ/2 · (4 · 3²) with λ = 0.5.
        var shared = new Cross { UseBias = false, KernelInitializer = Initializer.Constant(3), KernelL2 = 0.5 };
        var context = ForwardContext.Training(0, 0);
        using var scope = TensorScope.Begin();

        new CrossNetwork(shared, shared).Call(Tensor.Zeros(5, 2), context);

        Assert.Equal(9f, context.WeightPenalty!.Scalar);
        context.WeightPenalty.Backward();
        Assert.Equal([1.5f, 1.5f, 1.5f, 1.5f], shared.Kernel!.Gradient!.Values.ToArray());
    }

    [Fact]
    public void Is_silent_outside_training_and_refuses_tables()
    {
        var layer = new Cross { KernelL2 = 0.5 };
        layer.Call(Tensor.Zeros(5, 2), ForwardContext.Inference);
        Assert.Null(ForwardContext.Inference.WeightPenalty);

        var table = new Parameter("table", isRowSparse: true, 3, 2);
        Assert.Contains("is a table", Assert.Throws<ArgumentException>(() => ForwardContext.Training(0, 0).AddL2(table, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weighs_the_same_whether_the_loss_sums_or_averages()
    {
        var expected = Slope(sums: false, l2: 1);

        // Minimum of Σ(wx − y)²/24 + w²/2: w = Σxy / (Σx² + 12).
        var (xy, xx) = (Enumerable.Range(0, 24).Sum(row => Math.Pow((row % 7) - 3, 2) / 2), Enumerable.Range(0, 24).Sum(row => Math.Pow((row % 7) - 3, 2)));
        Assert.Equal(xy / (xx + 12), expected, 1e-3);
        Assert.Equal(expected, Slope(sums: true, l2: 1), 1e-3);
        Assert.Equal(0.5, Slope(sums: true, l2: 0), 1e-3);
    }

    private static double Slope(bool sums, double l2)
    {
        var model = new Line(sums, l2);
        model.Fit(Data, new FitOptions { Epochs = 300, BatchSize = 24, Optimizer = new Adam(0.02) }, TestContext.Current.CancellationToken);
        return model.Parameters[0].Value.Values[0];
    }

    /// <summary>y = w · x, by least squares.</summary>
    private sealed class Line : RecommenderModel
    {
        private readonly Tower _tower;
        private readonly bool _sums;

        public Line(bool sums, double l2)
        {
            _sums = sums;
            _tower = Use(new Tower(new Numeric("x", Data), new Slope(l2)), "line");
        }

        protected override double LossDivisor(Batch batch) => _sums ? batch.RowCount : 1;

        protected override Tensor ComputeLoss(Batch batch)
        {
            var error = _tower.Forward(batch) - Tensor.From(batch.Get<float>("y"), batch.RowCount, 1);
            return _sums ? (error * error).Sum() : (error * error).Mean();
        }

        private sealed class Slope(double l2) : Layer
        {
            private Parameter? _slope;

            protected override void Build(int inputWidth) => _slope = AddParameter("slope", Initializer.Zeros, inputWidth);

            protected override Tensor Forward(Tensor input, ForwardContext context)
            {
                context.AddL2(_slope!, l2);
                return input * _slope!;
            }
        }
    }
}

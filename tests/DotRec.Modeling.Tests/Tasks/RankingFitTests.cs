using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class RankingFitTests
{
    [Fact]
    public void One_cross_layer_learns_feature_products_and_its_kernel_shows_the_strongest()
    {
        // The blender data of TFRS' tutorial on deep and cross networks, of other numbers: bananas and cookbooks matter together.
        var random = new SeededRandom(1);
        float[] Uniform() => [.. Enumerable.Range(0, 4000).Select(_ => random.NextSingle())];
        var (country, bananas, cookbooks) = (Uniform(), Uniform(), Uniform());
        float[] likes = [.. Enumerable.Range(0, 4000).Select(i =>
        {
            var (x1, x2, x3) = (country[i], bananas[i], cookbooks[i]);
            return (0.1f * x1) + (0.4f * x2) + (0.7f * x3) + (0.1f * x1 * x2) + (3.1f * x2 * x3) + (0.1f * x3 * x3);
        })];
        var data = new FeatureBatch(new Column<float>("country", country), new Column<float>("bananas", bananas), new Column<float>("cookbooks", cookbooks), new Column<float>("likes", likes));
        var cross = new Cross();
        var model = new Blender(data, cross);

        model.Fit(data, new FitOptions { Epochs = 200, BatchSize = 200, Optimizer = new Adam(0.05) { Schedule = LearningRateSchedule.CosineDecay() } }, TestContext.Current.CancellationToken);

        Assert.Equal(16, model.Parameters.Sum(parameter => parameter.Value.Length));
        Assert.InRange(RatingMetrics.Of(model.Tower.Embed(data), likes).Rmse, 0, 0.005);
        var kernel = cross.Kernel!.Value.Values.ToArray().Select(MathF.Abs).ToArray();
        Assert.Contains(Array.IndexOf(kernel, kernel.Max()), new[] { (1 * 3) + 2, (2 * 3) + 1 });
    }

    private sealed class Blender : RecommenderModel
    {
        private readonly Ranking _task = new(PointwiseLoss.SquaredError);

        public Blender(FeatureBatch data, Cross cross) => Tower = Use(
            new Tower(new Concatenate([new Numeric("country", data)], [new Numeric("bananas", data)], [new Numeric("cookbooks", data)]), cross, new Dense(1)), "blender");

        public Tower Tower { get; }

        protected override Tensor ComputeLoss(Batch batch) => _task.ComputeLoss(Tower.Forward(batch), batch.Get<float>("likes"));
    }
}

using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>
/// TFRS' learning rates are made for summed losses. With Adagrad's accumulator of 0.1 a mean over 8,192 rows makes the first step thousands of
/// times smaller: the model stands still and looks broken (tutorial sizes: 943 users, 1,682 items of skewed popularity, dimension 32).
/// </summary>
public class LearningRateTrapTests
{
    private const int Batch = 8192;
    private static readonly FeatureBatch Data = Draw();

    [Fact]
    public void A_summed_loss_moves_weights_by_about_their_own_size_and_a_mean_hardly_at_all()
    {
        var (sum, sumWarnings) = FirstStep(LossReduction.Sum, new Adagrad(0.1));
        var (mean, meanWarnings) = FirstStep(LossReduction.Mean, new Adagrad(0.1));

        Assert.InRange(sum, 0.0246 / 1.3, 0.0246 * 1.3);
        Assert.InRange(mean, 3.3e-6 / 1.6, 3.3e-6 * 1.6);
        Assert.Empty(sumWarnings);
        Assert.Contains("next to nothing", Assert.Single(meanWarnings), StringComparison.Ordinal);
        Assert.Contains("InitialAccumulator", meanWarnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_lower_accumulator_makes_the_mean_train()
    {
        var (step, warnings) = FirstStep(LossReduction.Mean, new Adagrad(0.1) { InitialAccumulator = 0, Epsilon = 1e-14 });

        Assert.InRange(step, 0.05, 0.101);
        Assert.Empty(warnings);
    }

    /// <summary>Root mean square of the change of the user rows that the first batch touches.</summary>
    private static (double Step, IReadOnlyList<string> Warnings) FirstStep(LossReduction reduction, Optimizer optimizer)
    {
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user", Data), new Embedding(32)),
            new Tower(new StringLookup("item", Data), new Embedding(32)),
            new Retrieval { Reduction = reduction, RemoveAccidentalHits = false })
        {
            CorrectSampling = false,
        };
        float[] Users() => model.QueryTower.Parameters[0].Value.Values.ToArray();

        var before = Users();
        var fit = model.Fit(Data, new FitOptions { Epochs = 1, BatchSize = Batch, Optimizer = optimizer }, TestContext.Current.CancellationToken);
        var changes = Users().Zip(before, (x, y) => (double)x - y).Where(change => change != 0).ToList();
        return (Math.Sqrt(changes.Average(change => change * change)), fit.Warnings);
    }

    private static FeatureBatch Draw()
    {
        var random = new SeededRandom(1);
        var cumulative = Enumerable.Range(1, 1682).Select(rank => 1.0 / Math.Pow(rank, 0.9)).ToArray();
        for (var i = 1; i < cumulative.Length; i++)
        {
            cumulative[i] += cumulative[i - 1];
        }

        string Item()
        {
            var at = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
            return $"i{(at < 0 ? ~at : at)}";
        }

        return new FeatureBatch(
            new Column<string>("user", [.. Enumerable.Range(0, Batch).Select(_ => $"u{random.NextInt(943)}")]),
            new Column<string>("item", [.. Enumerable.Range(0, Batch).Select(_ => Item())]));
    }
}

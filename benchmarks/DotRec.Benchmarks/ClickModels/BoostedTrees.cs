using DotRec.Data;
using DotRec.Modeling;
using DotRec.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace DotRec.Benchmarks;

/// <summary>Gradient-boosted trees, LightGBM by ML.NET (Ke et al., 2017), trained and measured on the rows that DotRec's networks have.</summary>
internal static class BoostedTrees
{
    private const int MostTrees = 1000;
    private const int Patience = 30;

    /// <summary>
    /// The settings with the least loss on the validation rows: first how categories are split, then the leaves; the number of trees is where that loss is least.
    /// </summary>
    public static BoostedTreeSettings Choose(RankingData data, FeatureBatch train, FeatureBatch validation, ulong seed, string folder)
    {
        var tried = new[] { true, false }.Select(bySets => Try(new BoostedTreeSettings(Leaves: 31, bySets, MostTrees))).ToList();
        var first = tried.MinBy(one => one.Loss).Settings;
        tried.AddRange(new[] { 15, 63 }.Select(leaves => Try(first with { Leaves = leaves, Trees = MostTrees })));
        return tried.MinBy(one => one.Loss).Settings;

        (BoostedTreeSettings Settings, double Loss) Try(BoostedTreeSettings settings)
        {
            var (metrics, trees) = Fit(data, train, validation, settings, seed, folder, validation);
            return (settings with { Trees = trees }, metrics.LogLoss);
        }
    }

    /// <summary>Trains on some rows for the number of trees that the settings say, and measures on others.</summary>
    public static BinaryMetrics Run(RankingData data, FeatureBatch train, FeatureBatch held, BoostedTreeSettings settings, ulong seed, string folder) =>
        Fit(data, train, held, settings, seed, folder, validation: null).Metrics;

    private static (BinaryMetrics Metrics, int Trees) Fit(
        RankingData data, FeatureBatch train, FeatureBatch held, BoostedTreeSettings settings, ulong seed, string folder, FeatureBatch? validation)
    {
        var table = new FieldAwareTable(train, data, bins: false);
        var (trainFile, heldFile) = (Path.Combine(folder, "trees-train.txt"), Path.Combine(folder, "trees-held.txt"));
        table.Write(train, trainFile);
        table.Write(held, heldFile);

        var context = new MLContext((int)seed);
        var loader = context.Data.CreateTextLoader(new TextLoader.Options { Columns = table.LoaderColumns });
        var categories = table.CategoryFields.Select(name => new InputOutputColumnPair(name)).ToArray();
        var encoder = context.Transforms.Conversion.MapKeyToVector(categories)
            .Append(context.Transforms.Concatenate("Features", [.. table.Fields])).AppendCacheCheckpoint(context).Fit(loader.Load(trainFile));
        var trainer = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            NumberOfIterations = settings.Trees,
            NumberOfLeaves = settings.Leaves,
            LearningRate = 0.05,
            UseCategoricalSplit = settings.BySets,
            EarlyStoppingRound = validation is null ? 0 : Patience,
            EvaluationMetric = LightGbmBinaryTrainer.Options.EvaluateMetricType.Logloss,
            Seed = (int)seed,
            Silent = true,
        });
        var (rows, measured) = (encoder.Transform(loader.Load(trainFile)), encoder.Transform(loader.Load(heldFile)));
        var model = validation is null ? trainer.Fit(rows) : trainer.Fit(rows, measured);
        var probabilities = model.Transform(measured).GetColumn<float>("Probability").ToArray();
        return (BinaryMetrics.Of(probabilities, held.Get<float>(data.Label.Column).Values), model.Model.SubModel.TrainedTreeEnsemble.Trees.Count);
    }
}

/// <summary>What LightGBM is told beyond a rate of .05.</summary>
/// <param name="Leaves">The most leaves of a tree.</param>
/// <param name="BySets">True: categories are split by sets of them. False: one against the rest.</param>
/// <param name="Trees">How many trees.</param>
internal sealed record BoostedTreeSettings(int Leaves, bool BySets, int Trees)
{
    public override string ToString() => FormattableString.Invariant($"{Trees} trees of {Leaves} leaves, categories {(BySets ? "by sets" : "one against the rest")}");
}

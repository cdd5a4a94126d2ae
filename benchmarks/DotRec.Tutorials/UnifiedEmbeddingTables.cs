using System.Diagnostics;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;
using Tables = DotRec.Modeling.UnifiedEmbedding;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DotRec.Tutorials;

/// <summary>
/// TFRS' "uet": whether a rating is 3 or more, from six features whose embeddings have tables of their own, small hashed tables of their own,
/// or two tables that all share.
/// </summary>
internal sealed class UnifiedEmbeddingTables : Tutorial
{
    private const int Width = 16;

    private static readonly Dictionary<string, int> Bins = new(StringComparer.Ordinal)
    {
        ["movie_id"] = 600,
        ["user_id"] = 400,
        ["gender"] = 20,
        ["zip_code"] = 400,
        ["occupation"] = 20,
        ["age_group"] = 20,
    };

    public override string Name => "unified-embedding";

    public override string Summary => "Liked or not from six features: tables of their own, hashed tables, tables shared by all.";

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        var ratings = Ratings.Load(options.Data!);
        ratings = ratings.With(new Column<float>("liked", Array.ConvertAll(ratings.Get<float>("rating").Values.ToArray(), rating => rating >= 3 ? 1f : 0)));

        Result[] own = Measure("tables of their own", ".797 ± .000", ".380 ± .005", split =>
            [.. Ratings.SixFeatures.Select(name => new Layer[] { Lookup(name, split.Train), new Embedding(Width) })]);
        Result[] shared = Measure("two shared tables, 2 chunks a feature", ".790 ± .001", ".380 ± .001", split =>
        {
            var tables = new Tables(bucketsPerTable: 1440, dimensionPerTable: Width / 2, tableCount: 2);
            return [.. Ratings.SixFeatures.Select(name => new[] { tables.Feature(name, split.Train, chunks: 2) })];
        });
        shared[0] = shared[0] with { AtLeast = own[0].Mean - 0.007 };
        var hashed = Measure("hashed tables", "", "", split => Hashed(split, Ratings.SixFeatures));
        var published = Measure("hashed tables without age, as published", ".743 ± .001", ".407 ± .003", split => Hashed(split, Ratings.SixFeatures.SkipLast(1)));
        return [.. own, .. shared, .. hashed, .. published];

        Result[] Measure(string name, string auc, string logLoss, Func<DataSplit, Layer[][]> branches)
        {
            var clock = Stopwatch.StartNew();
            var metrics = new List<BinaryMetrics>();
            long parameters = 0;
            foreach (var (split, seed) in Ratings.Splits(ratings, options.Seeds))
            {
                var model = new LikedModel(branches(split));
                model.Fit(split.Train, new FitOptions { Epochs = 5, BatchSize = 8192, Optimizer = new Adam(0.01), Seed = seed });
                metrics.Add(BinaryMetrics.Of(model.Predict(split.Test), split.Test.Get<float>("liked").Values));
                parameters = model.Parameters.Sum(parameter => (long)parameter.Value.Length);
            }

            var seconds = clock.Elapsed.TotalSeconds;
            return
            [
                new Result(name, "AUC", [.. metrics.Select(one => one.Auc)], auc, parameters, seconds),
                new Result(name, "log loss", [.. metrics.Select(one => one.LogLoss)], logLoss, parameters, seconds),
            ];
        }
    }

    private static Layer Lookup(string name, FeatureBatch train) =>
        train[name] is Column<long> ? new IntegerLookup(name, train) : new StringLookup(name, train);

    private static Layer[][] Hashed(DataSplit split, IEnumerable<string> features) =>
        [.. features.Select(name => new Layer[] { new Hashing(name, split.Train, Bins[name]), new Embedding(Width) })];

    /// <summary>A model of one's own: the features side by side, dense layers, the task. Losses are summed, as in the notebook.</summary>
    private sealed class LikedModel : RecommenderModel
    {
        private readonly Ranking _task = new(PointwiseLoss.BinaryCrossEntropyOfLogits) { Reduction = LossReduction.Sum };
        private readonly Tower _tower;

        public LikedModel(Layer[][] features) => _tower = Use(new Tower(new Concatenate(features), new Mlp([128, 64, 1])), "liked");

        public float[] Predict(FeatureBatch data)
        {
            var logits = _tower.Embed(data);
            TensorPrimitives.Sigmoid(logits, logits);
            return logits;
        }

        protected override Tensor ComputeLoss(Batch batch) => _task.ComputeLoss(_tower.Forward(batch), batch.Get<float>("liked"));

        protected override double LossDivisor(Batch batch) => batch.RowCount;
    }
}

using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>Trains and evaluates a two-tower model on a split of the data, once for a seed.</summary>
internal sealed class RetrievalExperiment(RetrievalData data, RetrievalSettings settings, TowerFeatures features, Func<ulong, DataSplit> split)
{
    // EASE inverts a dense items × items matrix: a second at 2,000 items, and growing with the cube.
    private const int GreatestEaseCatalogue = 4000;

    /// <summary>True: EASE is measured too, where the catalogue is small enough.</summary>
    public bool MeasuresEase { get; init; }

    public CheckpointOptions? Checkpoint { get; init; }

    public SeedRun Run(ulong seed, IProgress<FitProgress>? progress, CancellationToken cancellation)
    {
        var (train, test) = split(seed);
        var metric = new FactorizedTopK(data.Items, data.ItemId);
        var model = CreateModel(metric);
        var fit = model.Fit(train, new FitOptions
        {
            Epochs = settings.Epochs,
            BatchSize = settings.BatchSize,
            Optimizer = settings.CreateOptimizer(),
            Seed = seed,
            TailAverage = settings.TailAverage,
            Checkpoint = Checkpoint,
            Progress = progress,
        }, cancellation);
        var evaluation = model.Evaluate(test, cancellation: cancellation);
        var ease = MeasuresEase && data.Items.RowCount <= GreatestEaseCatalogue
            ? new EaseBaseline(metric, train, data.QueryId).Evaluate(test, cancellation)
            : null;
        return new SeedRun(seed, model, train, fit, evaluation, ease);
    }

    private TwoTowerModel CreateModel(FactorizedTopK metric) => new(
        features.CreateTower(features.Query, data.Interactions, settings, isQuery: true),
        features.CreateTower(features.Item, data.Items, settings, isQuery: false),
        new Retrieval(metric) { RemoveAccidentalHits = settings.RemoveAccidentalHits })
    {
        CorrectSampling = settings.CorrectSampling,
        QueryIdColumn = data.QueryId,
        ItemIdColumn = data.ItemId,
    };
}

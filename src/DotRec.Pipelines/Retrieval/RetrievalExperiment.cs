using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains and evaluates a two-tower model on a split of the data.</summary>
internal sealed class RetrievalExperiment(RetrievalData data, RetrievalPipelineOptions options, TowerFeatures features)
{
    // EASE inverts a dense items × items matrix: a second at 2,000 items, and growing with the cube.
    private const int MaxEaseCatalogue = 4000;

    // Smoother than a hit rate, and as close to what the table shows.
    private const string ValidationMetric = "excludingSeen.ndcg@100";

    // The best epoch's weights and the mean of the last steps' exclude each other.
    private readonly RetrievalSettings _settings = options.ValidationFraction is null ? options.Settings : options.Settings with { TailAverage = 0 };

    public RetrievalRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        var (train, held) = options.Test.Split(data.Interactions, data.QueryId, options.Seed);
        FeatureBatch? validation = null;
        if (options.ValidationFraction is { } share)
        {
            (train, validation) = options.Test.OfShare(share).Split(train, data.QueryId, options.Seed);
        }

        var metric = new FactorizedTopK(data.Items, data.ItemId);
        var model = CreateModel(metric, train);
        var fit = Fit(model, train, validation, notes, cancellationToken);
        var evaluation = model.Evaluate(held, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var ease = options.MeasureEase && data.Items.RowCount <= MaxEaseCatalogue
            ? new EaseBaseline(metric, train, data.QueryId).Evaluate(held, cancellationToken)
            : null;
        return new RetrievalRun(model, new PipelineSplit(train, validation, held), fit, evaluation, ease);
    }

    private FitResult Fit(TwoTowerModel model, FeatureBatch train, FeatureBatch? validation, PipelineNotes notes, CancellationToken cancellationToken)
    {
        try
        {
            return model.Fit(train, new FitOptions
            {
                Epochs = _settings.Epochs,
                BatchSize = _settings.BatchSize,
                Optimizer = _settings.CreateOptimizer(),
                Seed = options.Seed,
                TailAverage = _settings.TailAverage,
                Validation = validation,
                EarlyStopping = validation is null ? null : new EarlyStopping(ValidationMetric),
                Checkpoint = options.Checkpoint,
                Progress = notes,
            }, cancellationToken);
        }
        catch (InvalidOperationException foreign) when (options.Checkpoint is { } checkpoint && File.Exists(checkpoint.Path))
        {
            // The rest of the message is for those who call Fit themselves.
            throw InvalidOption.Named(nameof(options.Checkpoint), $"{foreign.Message.Split(". ")[0]}. Delete it, or name another file.", foreign);
        }
    }

    private TwoTowerModel CreateModel(FactorizedTopK metric, FeatureBatch train)
    {
        var (queries, items) = options.KnowHeldOutValues ? (data.Interactions, data.Items) : (train, train.SelectColumns(features.Item).DistinctBy(data.ItemId));
        return new TwoTowerModel(
            features.CreateTower(features.Query, queries, _settings, isQuery: true),
            features.CreateTower(features.Item, items, _settings, isQuery: false),
            new Retrieval(metric) { RemoveAccidentalHits = _settings.RemoveAccidentalHits, CorrectSampling = _settings.CorrectSampling })
        {
            QueryIdColumn = data.QueryId,
            ItemIdColumn = data.ItemId,
        };
    }
}

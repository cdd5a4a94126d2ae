using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains and evaluates a two-tower model on a split of the data, once for a seed.</summary>
internal sealed class RetrievalExperiment(RetrievalData data, RetrievalSettings settings, TowerFeatures features, HoldOut test)
{
    // EASE inverts a dense items × items matrix: a second at 2,000 items, and growing with the cube.
    private const int MaxEaseCatalogue = 4000;

    // Smoother than a hit rate, and as close to what the table shows.
    private const string ValidationMetric = "excludingSeen.ndcg@100";

    /// <summary>True: EASE is measured too, where the catalogue is small enough.</summary>
    public bool MeasuresEase { get; init; }

    /// <summary>
    /// True: vocabularies hold the values of held-out rows and of the whole catalogue, too, as in TFRS' tutorials. False: those of the training
    /// rows only, so that who and what is new in the test is as unknown to the model as it will be in service.
    /// </summary>
    public bool KnowsHeldOutValues { get; init; }

    /// <summary>Rows held out of the training rows to stop by; null: all epochs are run.</summary>
    public HoldOut? Validation { get; init; }

    public CheckpointOptions? Checkpoint { get; init; }

    public RetrievalRun Run(ulong seed, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var (train, held) = test.Split(data.Interactions, seed);
        FeatureBatch? validation = null;
        if (Validation is not null)
        {
            (train, validation) = Validation.Split(train, seed);
        }

        var metric = new FactorizedTopK(data.Items, data.ItemId);
        var model = CreateModel(metric, train);
        var fit = Fit(model, train, validation, seed, progress, cancellationToken);
        var evaluation = model.Evaluate(held, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var ease = MeasuresEase && data.Items.RowCount <= MaxEaseCatalogue
            ? new EaseBaseline(metric, train, data.QueryId).Evaluate(held, cancellationToken)
            : null;
        return new RetrievalRun(seed, model, train, fit, evaluation, ease);
    }

    private FitResult Fit(
        TwoTowerModel model, FeatureBatch train, FeatureBatch? validation, ulong seed, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return model.Fit(train, new FitOptions
            {
                Epochs = settings.Epochs,
                BatchSize = settings.BatchSize,
                Optimizer = settings.CreateOptimizer(),
                Seed = seed,
                TailAverage = settings.TailAverage,
                Validation = validation,
                EarlyStopping = validation is null ? null : new EarlyStopping(ValidationMetric),
                Checkpoint = Checkpoint,
                Progress = progress,
            }, cancellationToken);
        }
        catch (InvalidOperationException foreign) when (Checkpoint is not null && File.Exists(Checkpoint.Path))
        {
            // The rest of the message is for those who write code.
            throw InvalidOption.Named(nameof(Checkpoint), $"{foreign.Message.Split(". ")[0]}. Delete it, or name another file.", foreign);
        }
    }

    private TwoTowerModel CreateModel(FactorizedTopK metric, FeatureBatch train)
    {
        var (queries, items) = KnowsHeldOutValues ? (data.Interactions, data.Items) : (train, train.Only(features.Item).DistinctBy(data.ItemId));
        return new TwoTowerModel(
            features.CreateTower(features.Query, queries, settings, isQuery: true),
            features.CreateTower(features.Item, items, settings, isQuery: false),
            new Retrieval(metric) { RemoveAccidentalHits = settings.RemoveAccidentalHits, CorrectSampling = settings.CorrectSampling })
        {
            QueryIdColumn = data.QueryId,
            ItemIdColumn = data.ItemId,
        };
    }
}

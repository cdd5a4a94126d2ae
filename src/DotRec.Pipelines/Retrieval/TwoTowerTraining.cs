using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains two towers, for as many epochs as are given, or as validation rows say.</summary>
internal sealed class TwoTowerTraining(RetrievalData data, RetrievalPipelineOptions options, TowerFeatures features)
{
    // Smoother than a hit rate, and as close to what the table shows.
    private const string ValidationMetric = "ndcg@100";
    private const string ExcludingSeen = "excludingSeen.";

    // A batch of so few rows compares each choice with so few other items that little is learned from it.
    private const int MinBatch = 16;

    private readonly FactorizedTopK _metric = new(data.Items, data.ItemId);
    private readonly NegativeRows? _negatives = data.Negatives is null ? null : new NegativeRows(data, options.Test);

    /// <summary>The settings, in words.</summary>
    public string Words => FormattableString.Invariant($"{options.Settings.Dimension} wide, at most {options.Settings.Epochs} epochs");

    /// <summary>Warns of settings by which little is learned.</summary>
    public void WarnOfBatch(PipelineNotes notes)
    {
        if (options.Settings.BatchSize < MinBatch)
        {
            notes.Warn(options.Settings.BatchSize == 1
                ? "a batch of 1 row has no other items to compare a row's item with: nothing is learned of who chooses what. Hundreds of rows are usual."
                : $"a batch of {options.Settings.BatchSize} rows compares a row's item with at most {options.Settings.BatchSize - 1} others: little is learned from that. Hundreds of rows are usual.");
        }
    }

    /// <summary>Finds the number of epochs that is best on validation rows.</summary>
    public RetrievalChoice Try(RetrievalRows rows, FeatureBatch validation, bool excludesSeen, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var train = WithNegatives(rows.Train);
        var model = CreateModel(train);
        var fit = ModelFit.Run(model, train, FitOptions(notes) with
        {
            // The best epoch's weights and the mean of the last steps exclude each other.
            TailAverage = 0,
            Validation = WeightColumn.OfValidation(validation, options.Weight),
            EarlyStopping = new EarlyStopping(excludesSeen ? ExcludingSeen + ValidationMetric : ValidationMetric),
            Checkpoint = options.Checkpoint,
        }, cancellationToken);
        var tried = new TwoTowerFit(model, fit) { Settings = FormattableString.Invariant($"{options.Settings.Dimension} wide, {fit.BestEpoch} epochs"), Choice = fit };
        return new RetrievalChoice(tried, tried.Evaluate(validation, cancellationToken).Retrieval, (all, token) => Refit(tried, validation.RowCount, all, notes, token));
    }

    /// <summary>Trains for the number of epochs that is given.</summary>
    public TwoTowerFit Fit(RetrievalRows rows, PipelineNotes notes, CancellationToken cancellationToken) =>
        Fit(rows, options.Settings.Epochs, choice: null, notes, cancellationToken);

    // What the validation rows tell is learned from too: without them a model knows less of who is asked for, and would be worse than one that was never
    // stopped.
    private TwoTowerFit Refit(TwoTowerFit tried, int validationRows, RetrievalRows rows, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var epochs = EpochsFor(tried.Steps.BestEpoch);
        notes.Note(FormattableString.Invariant(
            $"epoch {tried.Steps.BestEpoch} is best on the {validationRows:N0} validation rows; the model is trained for {epochs} {(epochs == 1 ? "epoch" : "epochs")} on all {rows.Train.RowCount:N0} rows."));
        return Fit(rows, epochs, tried.Steps, notes, cancellationToken);
    }

    private TwoTowerFit Fit(RetrievalRows rows, int epochs, FitResult? choice, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var train = WithNegatives(rows.Train);
        var model = CreateModel(train);
        var fit = ModelFit.Run(model, train, FitOptions(notes) with
        {
            Epochs = epochs,
            Checkpoint = options.Checkpoint is { } checkpoint && choice is not null ? checkpoint with { Path = checkpoint.Path + ".all" } : options.Checkpoint,
        }, cancellationToken);
        return new TwoTowerFit(model, fit) { Settings = FormattableString.Invariant($"{options.Settings.Dimension} wide, {epochs} epochs"), Choice = choice };
    }

    // The mean of the weights over the last steps stands for those of the middle of these steps: that is to be the best epoch.
    private int EpochsFor(int best) => Math.Min(options.Settings.Epochs, (int)Math.Ceiling(best / (1 - (options.Settings.TailAverage / 2))));

    private FeatureBatch WithNegatives(FeatureBatch train) => _negatives is null ? train : _negatives.With(train);

    private FitOptions FitOptions(PipelineNotes notes) => new()
    {
        Epochs = options.Settings.Epochs,
        BatchSize = options.Settings.BatchSize,
        Optimizer = options.Settings.CreateOptimizer(),
        Seed = options.Seed,
        TailAverage = options.Settings.TailAverage,
        StopToken = options.StopToken,
        Progress = notes,
    };

    private TwoTowerModel CreateModel(FeatureBatch train)
    {
        var (queries, items) = options.KnowHeldOutValues ? (data.Interactions, data.Items)
            : _negatives is not null ? (train, _negatives.KnownItems(train))
            : (train, train.SelectColumns(features.Item).DistinctBy(data.ItemId));
        return new TwoTowerModel(
            features.CreateTower(features.Query, queries, options.Settings, isQuery: true),
            features.CreateTower(features.Item, items, options.Settings, isQuery: false),
            new Retrieval(_metric) { RemoveAccidentalHits = options.Settings.RemoveAccidentalHits, CorrectSampling = options.Settings.CorrectSampling })
        {
            QueryIdColumn = data.QueryId,
            ItemIdColumn = data.ItemId,
            SampleWeightColumn = options.Weight,
            NegativesColumn = _negatives is null ? null : NegativeRows.Column,
            NegativeWeight = options.Settings.NegativeWeight,
        };
    }
}

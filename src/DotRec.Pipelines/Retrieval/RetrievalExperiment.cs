using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains and evaluates a two-tower model on a split of the data.</summary>
internal sealed class RetrievalExperiment(RetrievalData data, RetrievalPipelineOptions options, TowerFeatures features)
{
    // EASE inverts a dense items × items matrix: a second at 2,000 items, and growing with the cube.
    private const int MaxEaseCatalogue = 4000;

    // Smoother than a hit rate, and as close to what the table shows.
    private const string ValidationMetric = "ndcg@100";
    private const string ExcludingSeen = "excludingSeen.";
    private const string SeenMetric = "hitRate@10";

    // Validation rows are measured after every epoch.
    private const int ValidationsPerBudget = 10;

    // A batch of so few rows compares each choice with so few other items that little is learned from it.
    private const int MinBatch = 16;

    private readonly FactorizedTopK _metric = new(data.Items, data.ItemId);

    public RetrievalRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        WarnOfBatch(notes);
        var (rest, held) = data.Test is { } given ? new DataSplit(data.Interactions, given) : options.Test.Split(data.Interactions, data.QueryId, options.Seed);
        var repeated = SeenExclusion.RepeatedShareOf(rest, data.QueryId, data.ItemId);
        var run = options.ValidationFraction is { } share ? ChooseEpochs(rest, share, repeated, notes, cancellationToken) : null;
        if (run is null || !run.Fit.WasStopped)
        {
            run = TrainOnAll(rest, run, repeated, notes, cancellationToken);
        }

        run = run with { Split = run.Split with { Test = held }, RepeatedTestRows = data.Test is null ? 0 : RepeatedRows.Count(rest, held, ComparedColumns(rest, held)) };
        return held.RowCount == 0 ? run : Measured(run, notes, cancellationToken);
    }

    // Rows are copies if they also have the same time, where it is known: one may choose the same again.
    private string[] ComparedColumns(FeatureBatch rest, FeatureBatch held) =>
        [.. features.Query, .. features.Item, .. options.Test.Time is { } time && rest.TryGet(time, out _) && held.TryGet(time, out _) ? [time] : (string[])[]];

    private RetrievalRun ChooseEpochs(FeatureBatch rest, double share, double repeated, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var (train, held) = options.Test.OfShare(share).Split(rest, data.QueryId, options.Seed);
        var validation = EvaluationSample.Of(held, data.Items.RowCount, options.EvaluationBudget / ValidationsPerBudget, options.Seed, "validation rows", notes);
        var model = CreateModel(train);
        var excludes = options.ExcludeSeen ?? SeenExclusion.IsUsual(repeated);
        var fit = ModelFit.Run(model, train, FitOptions(notes) with
        {
            // The best epoch's weights and the mean of the last steps exclude each other.
            TailAverage = 0,
            Validation = validation,
            EarlyStopping = new EarlyStopping(excludes ? ExcludingSeen + ValidationMetric : ValidationMetric),
            Checkpoint = options.Checkpoint,
        }, cancellationToken);
        var best = fit.Epochs[fit.BestEpoch - 1].ValidationMetrics!;
        return new RetrievalRun(
            model,
            new PipelineSplit(train, held, held),
            EpochChoice: fit,
            fit,
            SeenExclusion.Of(options.ExcludeSeen, repeated, (best[SeenMetric], best[ExcludingSeen + SeenMetric])));
    }

    // What the validation rows tell is learned from too: without them a model knows less of who is asked for, and would be worse than one that was never
    // stopped.
    private RetrievalRun TrainOnAll(FeatureBatch rest, RetrievalRun? choice, double repeated, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var epochs = choice is null ? options.Settings.Epochs : EpochsFor(choice.Fit.BestEpoch);
        if (choice is not null)
        {
            notes.Note(FormattableString.Invariant(
                $"epoch {choice.Fit.BestEpoch} is best on the {choice.Split.Validation!.RowCount:N0} validation rows; the model is trained for {epochs} {(epochs == 1 ? "epoch" : "epochs")} on all {rest.RowCount:N0} rows."));
        }

        var model = CreateModel(rest);
        var fit = ModelFit.Run(model, rest, FitOptions(notes) with
        {
            Epochs = epochs,
            Checkpoint = options.Checkpoint is { } checkpoint && choice is not null ? checkpoint with { Path = checkpoint.Path + ".all" } : options.Checkpoint,
        }, cancellationToken);
        return new RetrievalRun(
            model, new PipelineSplit(rest, choice?.Split.Validation, rest), choice?.Fit, fit, choice?.Exclusion ?? SeenExclusion.Of(options.ExcludeSeen, repeated, validation: null));
    }

    // The mean of the weights over the last steps stands for those of the middle of these steps: that is to be the best epoch.
    private int EpochsFor(int best) => Math.Min(options.Settings.Epochs, (int)Math.Ceiling(best / (1 - (options.Settings.TailAverage / 2))));

    private RetrievalRun Measured(RetrievalRun run, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var test = EvaluationSample.Of(run.Split.Test, data.Items.RowCount, options.EvaluationBudget, options.Seed, "test rows", notes);
        var evaluation = run.Model.Evaluate(test, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var measuresEase = options.MeasureEase && data.Items.RowCount <= MaxEaseCatalogue && !run.Fit.WasStopped;
        return run with
        {
            Measured = test,
            Evaluation = evaluation,
            Ease = measuresEase ? new EaseBaseline(_metric, run.Split.Train, data.QueryId).Evaluate(test, cancellationToken) : null,
        };
    }

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

    private void WarnOfBatch(PipelineNotes notes)
    {
        if (options.Settings.BatchSize < MinBatch)
        {
            notes.Warn(options.Settings.BatchSize == 1
                ? "a batch of 1 row has no other items to compare a row's item with: nothing is learned of who chooses what. Hundreds of rows are usual."
                : $"a batch of {options.Settings.BatchSize} rows compares a row's item with at most {options.Settings.BatchSize - 1} others: little is learned from that. Hundreds of rows are usual.");
        }
    }

    private TwoTowerModel CreateModel(FeatureBatch train)
    {
        var (queries, items) = options.KnowHeldOutValues ? (data.Interactions, data.Items) : (train, train.SelectColumns(features.Item).DistinctBy(data.ItemId));
        return new TwoTowerModel(
            features.CreateTower(features.Query, queries, options.Settings, isQuery: true),
            features.CreateTower(features.Item, items, options.Settings, isQuery: false),
            new Retrieval(_metric) { RemoveAccidentalHits = options.Settings.RemoveAccidentalHits, CorrectSampling = options.Settings.CorrectSampling })
        {
            QueryIdColumn = data.QueryId,
            ItemIdColumn = data.ItemId,
        };
    }
}

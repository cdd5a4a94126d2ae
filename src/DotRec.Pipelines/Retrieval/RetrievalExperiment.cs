using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Splits the data, finds or makes the model, and measures it beside simple ones.</summary>
internal sealed class RetrievalExperiment(RetrievalData data, RetrievalPipelineOptions options, TowerFeatures features)
{
    // EASE inverts a dense items × items matrix: a second at 3,500 items, and growing with the cube.
    private const int MaxEaseCatalogue = 4000;

    // Validation rows are measured for every candidate and after every epoch.
    private const int ValidationsPerBudget = 10;

    // What a search of models holds out where nobody says.
    private const double DefaultValidationFraction = 0.1;

    // Wide enough for what two towers can say of many items without any feature.
    private const int WideDimension = 128;
    private const int WideEpochs = 6;

    private readonly TwoTowerTraining _towers = new(data, options, features);

    public RetrievalRun Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (options.Model is RetrievalModelKind.Auto or RetrievalModelKind.TwoTower)
        {
            _towers.WarnOfBatch(notes);
        }

        var (rest, held) = data.Test is { } given ? new DataSplit(data.Interactions, given) : options.Test.Split(data.Interactions, data.QueryId, options.Seed);
        var rows = new RetrievalRows(data, rest, options.Test.Time, options.Test.DateOrder);
        var repeated = SeenExclusion.RepeatedShareOf(rest, data.QueryId, data.ItemId);
        var run = Choose(rows, repeated, notes, cancellationToken);
        run = run with { Split = run.Split with { Test = held }, RepeatedTestRows = data.Test is null ? 0 : RepeatedRows.Count(rest, held, ComparedColumns(rest, held)) };
        return held.RowCount == 0 ? run : Measured(run, rows, notes, cancellationToken);
    }

    // Rows are copies if they also have the same time, where it is known: one may choose the same again.
    private string[] ComparedColumns(FeatureBatch rest, FeatureBatch held) =>
        [.. features.Query, .. features.Item, .. options.Test.Time is { } time && rest.TryGet(time, out _) && held.TryGet(time, out _) ? [time] : (string[])[]];

    private RetrievalRun Choose(RetrievalRows rows, double repeated, PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (options.Model == RetrievalModelKind.TwoTower && options.ValidationFraction is null)
        {
            return new RetrievalRun(
                _towers.Fit(rows, notes, cancellationToken), new PipelineSplit(rows.Train, null, rows.Train), SeenExclusion.Of(options.ExcludeSeen, repeated, validation: null));
        }

        var (train, held) = options.Test.OfShare(options.ValidationFraction ?? DefaultValidationFraction).Split(rows.Train, data.QueryId, options.Seed);
        var validation = EvaluationSample.Of(held, data.Items.RowCount, options.EvaluationBudget / ValidationsPerBudget, options.Seed, "validation rows", notes);
        var (selection, choice) = Search(rows.With(train), validation, repeated, notes).Run(notes, cancellationToken);
        var exclusion = SeenExclusion.Of(options.ExcludeSeen, repeated, choice.HitRates);
        if (options.Model == RetrievalModelKind.Auto)
        {
            notes.Note(selection.Reason);
        }

        // Who stops a training keeps what is learned: there is no time for another one.
        return choice.Tried.Training is { WasStopped: true } || options.StopToken.IsCancellationRequested
            ? new RetrievalRun(choice.Tried, new PipelineSplit(train, held, held), exclusion) { Selection = selection }
            : new RetrievalRun(choice.Refit(rows, cancellationToken), new PipelineSplit(rows.Train, held, rows.Train), exclusion) { Selection = selection };
    }

    private ModelSearch<RetrievalChoice> Search(RetrievalRows rows, FeatureBatch validation, double repeated, PipelineNotes notes)
    {
        var search = new ModelSearch<RetrievalChoice>(RetrievalChoice.Metric, lessIsBetter: false)
        {
            Budget = options.Model == RetrievalModelKind.Auto ? options.TimeBudget : null,
            StopToken = options.StopToken,
        };
        var isAuto = options.Model == RetrievalModelKind.Auto;
        foreach (var candidate in ItemToItemCandidate.All(rows).Where(candidate => isAuto || candidate.Kind == options.Model))
        {
            search.Add(RetrievalModelNames.Of(candidate.Kind), token => candidate.Try(rows, validation, options.ExcludeSeen, token).ToTrial(options.ExcludeSeen));
        }

        if (isAuto || options.Model == RetrievalModelKind.TwoTower)
        {
            // Who sets something of the towers wants these towers tried; else they are tried in two widths.
            var excludes = options.ExcludeSeen ?? SeenExclusion.IsUsual(repeated);
            Add(RetrievalModelNames.Of(RetrievalModelKind.TwoTower), _towers);
            if (isAuto && options.Settings == RetrievalSettings.Tuned)
            {
                var wide = options with { Settings = options.Settings with { Dimension = WideDimension, Epochs = WideEpochs } };
                Add(FormattableString.Invariant($"{RetrievalModelNames.Of(RetrievalModelKind.TwoTower)}-{WideDimension}"), new TwoTowerTraining(data, wide, features));
            }

            void Add(string name, TwoTowerTraining towers) =>
                search.Add(name, token => towers.Try(rows, validation, excludes, notes, token).ToTrial(options.ExcludeSeen));
        }

        return search;
    }

    private RetrievalRun Measured(RetrievalRun run, RetrievalRows rows, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var test = EvaluationSample.Of(run.Split.Test, data.Items.RowCount, options.EvaluationBudget, options.Seed, "test rows", notes);
        var train = ReferenceEquals(run.Split.Train, rows.Train) ? rows : rows.With(run.Split.Train);
        var evaluation = run.Fit.Evaluate(test, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var measuresEase = options.MeasureEase && data.Items.RowCount <= MaxEaseCatalogue && run.Fit.Training is not { WasStopped: true };
        return run with
        {
            Measured = test,
            Evaluation = evaluation with
            {
                Popularity = Report(RetrievalModelKind.Popularity, new PopularityModel()),
                ItemKnn = run.Fit.Kind == RetrievalModelKind.ItemKnn ? null : Report(RetrievalModelKind.ItemKnn, new ItemKnnModel()),
            },
            Ease = measuresEase ? Report(RetrievalModelKind.Ease, new EaseModel { Regularization = 500 }) : null,
        };

        RetrievalReport Report(RetrievalModelKind kind, ItemToItemModel model)
        {
            model.Fit(train.Histories, progress: null, cancellationToken);
            return new ItemToItemFit(kind, model, train) { Settings = "" }.Evaluate(test, cancellationToken).Retrieval;
        }
    }
}

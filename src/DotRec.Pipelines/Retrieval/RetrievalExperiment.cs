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

        var (rest, held) = data.Test is { } given ? new DataSplit(data.Interactions, given) : options.Test.Split(data.Interactions, data.QueryId, options.Seed, data.ItemId);
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

        if (!TryHoldOut(rows.Train, out var parts))
        {
            // Too few rows to compare anything on: neighbours learn most from few rows, and have settings that suit most data.
            var kind = options.Model == RetrievalModelKind.Auto ? RetrievalModelKind.ItemKnn : options.Model;
            notes.Note(FormattableString.Invariant($"{rows.Train.RowCount:N0} rows are too few to hold some out for a choice: {RetrievalModelNames.Of(kind)} with its default settings is fit."));
            return new RetrievalRun(
                ItemToItemCandidate.All(rows).Single(candidate => candidate.Kind == kind).FitDefault(rows, cancellationToken), new PipelineSplit(rows.Train, null, rows.Train),
                SeenExclusion.Of(options.ExcludeSeen, repeated, validation: null));
        }

        var (train, held) = parts;
        var validation = EvaluationSample.Of(held, data.Items.RowCount, options.EvaluationBudget / ValidationsPerBudget, options.Seed, "validation rows", notes);
        var (selection, choice) = Search(rows.With(train), validation, repeated, notes, cancellationToken).Run(notes, cancellationToken);
        var exclusion = SeenExclusion.Of(options.ExcludeSeen, repeated, choice.HitRates);
        WarnOfUnusedFeatures(choice.Tried, notes);
        WarnOfUnusedColumns(choice.Tried, notes);

        // Who stops a training keeps what is learned: there is no time for another one.
        return options.StopToken.IsCancellationRequested
            ? new RetrievalRun(choice.Tried, new PipelineSplit(train, held, held), exclusion) { Selection = selection }
            : new RetrievalRun(choice.Refit(rows, cancellationToken), new PipelineSplit(rows.Train, held, rows.Train), exclusion) { Selection = selection };
    }

    private void WarnOfUnusedFeatures(RetrievalFit fit, PipelineNotes notes)
    {
        string[] unused = [.. features.Query.Skip(1), .. features.Item.Skip(1)];
        if (fit.Towers is null && unused.Length > 0)
        {
            notes.Note($"{RetrievalModelNames.Of(fit.Kind)} goes by what was had together and reads no features ({string.Join(", ", unused)}): items that nobody has had are not recommended by them. Two towers ({RetrievalModelNames.Of(RetrievalModelKind.TwoTower)}) read them.");
        }
    }

    private void WarnOfUnusedColumns(RetrievalFit fit, PipelineNotes notes)
    {
        string[] unused = [.. options.Weight is { } weight ? [$"weights ('{weight}')"] : (string[])[], .. options.Label is { } label ? [$"rows that were not chosen ('{label}')"] : (string[])[]];
        if (fit.Towers is null && unused.Length > 0)
        {
            notes.Note($"{RetrievalModelNames.Of(fit.Kind)} learns from what was chosen, each row once, and not from {string.Join(" or ", unused)}. Two towers ({RetrievalModelNames.Of(RetrievalModelKind.TwoTower)}) do.");
        }
    }

    // Where somebody asks for a share, it has to be possible.
    private bool TryHoldOut(FeatureBatch rows, out DataSplit parts)
    {
        try
        {
            parts = options.Test.OfShare(options.ValidationFraction ?? DefaultValidationFraction).Split(rows, data.QueryId, options.Seed, data.ItemId);
            return true;
        }
        catch (ArgumentException few) when (options.ValidationFraction is null && few.ParamName is null && options.Model is not (RetrievalModelKind.Ials or RetrievalModelKind.Bpr or RetrievalModelKind.SasRec or RetrievalModelKind.Blend))
        {
            parts = default;
            return false;
        }
    }

    private ModelSearch<RetrievalChoice> Search(RetrievalRows rows, FeatureBatch validation, double repeated, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var search = new ModelSearch<RetrievalChoice>(RetrievalChoice.Metric, lessIsBetter: false)
        {
            Budget = options.Model == RetrievalModelKind.Auto ? options.TimeBudget : null,
            StopToken = options.StopToken,
            MustNotFail = options.Checkpoint is null ? null : nameof(options.Checkpoint),
            Required = options.Model == RetrievalModelKind.Blend ? RetrievalModelNames.Of(RetrievalModelKind.Blend) : null,
        };
        var log = options.Checkpoint is { } file ? SearchLog.Open(file.Path, SearchedOn(rows, validation)) : null;
        var tried = new List<RetrievalChoice>();
        var isAll = options.Model is RetrievalModelKind.Auto or RetrievalModelKind.Blend;
        foreach (var candidate in ItemToItemCandidate.All(rows).Where(candidate => isAll || candidate.Kind == options.Model))
        {
            Add(RetrievalModelNames.Of(candidate.Kind), token => candidate.Try(rows, validation, options.ExcludeSeen, log, token));
        }

        foreach (var candidate in FactorizationCandidate.All(rows, options.Seed).Where(candidate => (isAll && candidate.Kind != RetrievalModelKind.Bpr) || candidate.Kind == options.Model))
        {
            Add(RetrievalModelNames.Of(candidate.Kind), token => candidate.Try(rows, validation, options.ExcludeSeen, log, token));
        }

        if (isAll || options.Model == RetrievalModelKind.TwoTower)
        {
            // Who sets something of the towers wants these towers tried; else they are tried in two widths.
            var excludes = options.ExcludeSeen ?? SeenExclusion.IsUsual(repeated);
            AddTowers(RetrievalModelNames.Of(RetrievalModelKind.TwoTower), _towers);
            if (isAll && options.Settings == RetrievalSettings.Tuned)
            {
                var wide = options with
                {
                    Settings = options.Settings with { Dimension = WideDimension, Epochs = WideEpochs },
                    Checkpoint = options.Checkpoint is { } checkpoint ? checkpoint with { Path = FormattableString.Invariant($"{checkpoint.Path}.{WideDimension}") } : null,
                };
                AddTowers(FormattableString.Invariant($"{RetrievalModelNames.Of(RetrievalModelKind.TwoTower)}-{WideDimension}"), new TwoTowerTraining(data, wide, features));
            }

            void AddTowers(string name, TwoTowerTraining towers) => Add(name, token => towers.Try(rows, validation, excludes, notes, token));
        }

        if (isAll || options.Model == RetrievalModelKind.SasRec)
        {
            Add(RetrievalModelNames.Of(RetrievalModelKind.SasRec), token => new SasRecTraining(options, notes).Try(rows, validation, token, cancellationToken));
        }

        if (isAll)
        {
            Add(RetrievalModelNames.Of(RetrievalModelKind.Blend), token => new BlendTraining(options).Try(tried, validation, token));
        }

        return search;

        void Add(string name, Func<CancellationToken, RetrievalChoice> tryIt) => search.Add(name, token =>
        {
            var choice = tryIt(token);
            tried.Add(choice);
            return choice.ToTrial(options.ExcludeSeen);
        });
    }

    private string SearchedOn(RetrievalRows rows, FeatureBatch validation) =>
        $"{ContentHash.Of(rows.InOrder.SelectColumns(data.QueryId, data.ItemId))} {ContentHash.Of(validation.SelectColumns(data.QueryId, data.ItemId))} {data.Items.RowCount} {options.ExcludeSeen} {options.Seed}";

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
            ColdStart = options.Test.IsCold && data.Test is null ? new ColdStartMeasure(data, options, features).Of(run, evaluation.Retrieval, train, test, notes, cancellationToken) : null,
            Ease = measuresEase ? Report(RetrievalModelKind.Ease, new EaseModel { Regularization = 500 }) : null,
        };

        RetrievalReport Report(RetrievalModelKind kind, ItemToItemModel model)
        {
            model.Fit(train.Histories, progress: null, cancellationToken);
            return new ItemToItemFit(kind, model, train) { Settings = "" }.Evaluate(test, cancellationToken).Retrieval;
        }
    }
}

using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RetrievalPipeline"/> learns, from which columns, and how. Immutable; every default is stated.</summary>
public sealed record RetrievalPipelineOptions
{
    /// <summary>Column that tells who chose, for example "user_id". Required.</summary>
    public required string QueryId
    {
        get;
        init => field = OptionRange.Column(value, nameof(QueryId));
    }

    /// <summary>
    /// Column that tells what was chosen, for example "movie_id". Required. Where it holds lists (in <see cref="Kinds"/>, or by its type) each item of a row's list is a
    /// choice of its own: baskets, pages.
    /// </summary>
    public required string ItemId
    {
        get;
        init => field = OptionRange.Column(value, nameof(ItemId));
    }

    /// <summary>More columns of the interactions for the query tower. None by default.</summary>
    public IReadOnlyList<string> QueryFeatures { get; init; } = [];

    /// <summary>More columns for the item tower, of the catalogue or else of the interactions. None by default.</summary>
    public IReadOnlyList<string> ItemFeatures { get; init; } = [];

    /// <summary>
    /// What features are, where their type alone does not tell: text to split into words, lists written a|b|c, whole numbers to calculate with. By default
    /// texts and whole numbers are looked up and numbers with fractions are normalised.
    /// </summary>
    public IReadOnlyDictionary<string, FeatureKind> Kinds { get; init; } = new Dictionary<string, FeatureKind>(StringComparer.Ordinal);

    /// <summary>
    /// Column that says how much each row counts in training two towers, such as a dwell time or a rating: numbers from 0 on, divided by their mean; null (the
    /// default) for equal weights. The number of epochs is chosen by weighted validation rows; models are compared and measured by rows that count once each. Other
    /// models read no weights.
    /// </summary>
    public string? Weight
    {
        get;
        init => field = value is null ? null : OptionRange.Column(value, nameof(Weight));
    }

    /// <summary>
    /// Column of two values that says whether the row's item was chosen or only shown, such as a click; null (the default) where all rows are choices. Rows
    /// that were not chosen are no positives, nothing that was seen, and no test rows; two towers learn from them as explicit negatives of their query.
    /// </summary>
    public string? Label
    {
        get;
        init => field = value is null ? null : OptionRange.Column(value, nameof(Label));
    }

    /// <summary>The value of <see cref="Label"/> that stands for chosen, as the file writes it; null (the default) to find out: 1, yes, true and the like.</summary>
    public string? Positive { get; init; }

    /// <summary>Rows that the model is measured on, where no test table is given. A tenth, drawn at random, by default.</summary>
    public HoldOut Test { get; init; } = HoldOut.Random(0.1);

    /// <summary>
    /// Share of the rest that is held out first, in the same way (at random without a test), to find out which model and settings are best, and of two towers
    /// how many epochs, at most <see cref="RetrievalSettings.Epochs"/>; the model is then fit on all of the rest (towers longer by half of the
    /// <see cref="RetrievalSettings.TailAverage"/>, so that the best epoch is the middle of the steps that are averaged), which takes the time of both. Between
    /// 0 and 1, both excluded; null (the default) for a tenth, or, where <see cref="Model"/> is <see cref="RetrievalModelKind.TwoTower"/>, for none: all epochs
    /// are run.
    /// </summary>
    public double? ValidationFraction
    {
        get;
        init => field = value is { } share ? OptionRange.Share(share, nameof(ValidationFraction)) : null;
    }

    /// <summary>
    /// Which model is made. <see cref="RetrievalModelKind.Auto"/> (the default) tries all of them on validation rows, simple ones first, and fits the best one
    /// again on all rows of training.
    /// </summary>
    public RetrievalModelKind Model { get; init; } = RetrievalModelKind.Auto;

    /// <summary>
    /// How long the choice of a model and its last fit may take together, where <see cref="Model"/> is <see cref="RetrievalModelKind.Auto"/>: what would take
    /// longer is left out, and told. Ten minutes by default; null for as long as it takes.
    /// </summary>
    public TimeSpan? TimeBudget
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(TimeBudget)} must be above 0.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How two towers are made and trained. <see cref="RetrievalSettings.Tuned"/> by default; where they compete with other models, in two widths. With other
    /// settings these towers compete.
    /// </summary>
    public RetrievalSettings Settings { get; init; } = RetrievalSettings.Tuned;

    /// <summary>
    /// Whether the recommender leaves out what a query has had in training, unless a call says otherwise. Null (the default) to decide by the data: it does
    /// not where that costs hits on the validation rows, or, without these, where more than a tenth of the training rows name an item that their query
    /// has in another row too, as sessions, pages and baskets do.
    /// </summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>
    /// Scores an evaluation may take: its test rows times the items. Where all rows would take more, as many as it allows are drawn by the seed, at least
    /// 1,000, and a note says how many; validation rows, which are measured after each epoch, have a tenth of it. 10^10 by default, some tens of seconds
    /// on two cores; <see cref="long.MaxValue"/> for all rows.
    /// </summary>
    public long EvaluationBudget
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(EvaluationBudget)} must be at least 1.");
    } = EvaluationSample.DefaultBudget;

    /// <summary>The index of the items. By their number by default.</summary>
    public ItemIndexKind Index { get; init; } = ItemIndexKind.Auto;

    /// <summary>Decides every random choice: the split, the first weights, the order of the rows. 42 by default.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How files are laid out where it does not show, and which columns are read. Found out by default.</summary>
    public CsvOptions Layout { get; init; } = new();

    /// <summary>
    /// Where the state of training is saved after each epoch, and gone on from; null (the default) for nowhere. With <see cref="ValidationFraction"/> that of
    /// the second training is in a file beside it, whose name ends in ".all".
    /// </summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// Ends training early when it is cancelled: the last epoch that was finished is kept, and measured, indexed and returned as usual. Before the first
    /// is finished, the run is cancelled. None by default.
    /// </summary>
    public CancellationToken StopToken { get; init; }

    /// <summary>
    /// True (the default): the result has a recommender. False: the model is only trained and measured, as for a mean over seeds.
    /// </summary>
    public bool CreateRecommender { get; init; } = true;

    /// <summary>True: EASE (λ 500) is measured beside the model, where the catalogue has at most 4,000 items. False by default.</summary>
    public bool MeasureEase { get; init; }

    /// <summary>
    /// True: vocabularies hold the values of held-out rows and of the whole catalogue too, as in TFRS' tutorials. False (the default): those of the
    /// training rows only, so that who and what is new in the test is as unknown to the model as it will be in service.
    /// </summary>
    public bool KnowHeldOutValues { get; init; }
}

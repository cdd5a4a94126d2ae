using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RankingPipeline"/> predicts, from which columns, and how. Immutable; every default is stated.</summary>
public sealed record RankingPipelineOptions
{
    /// <summary>Column to predict. Two different values are classes, more numbers a rating. Required.</summary>
    public required string Label
    {
        get;
        init => field = OptionRange.Column(value, nameof(Label));
    }

    /// <summary>Columns to predict from; empty (the default) for all others, the column of times that rows are held out by excepted.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>
    /// Column whose equal values are one query, such as "user_id" or "search_id": the model is then also measured by how well it orders the rows of each
    /// query, and the last row of each may be held out. Texts or whole numbers. It is a feature unless <see cref="Ignore"/> or <see cref="Features"/> say
    /// otherwise. Null (the default) for none.
    /// </summary>
    public string? QueryId
    {
        get;
        init => field = value is null ? null : OptionRange.Column(value, nameof(QueryId));
    }

    /// <summary>
    /// Column that says how much each row counts in training, and in the choice of the model: numbers from 0 on, divided by their mean. It is no feature. Null (the
    /// default) for equal weights. Figures on test rows count each row once.
    /// </summary>
    public string? Weight
    {
        get;
        init => field = value is null ? null : OptionRange.Column(value, nameof(Weight));
    }

    /// <summary>Columns that are no features. None by default.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>What features are, where a look at their values would mistake them. None by default.</summary>
    public IReadOnlyDictionary<string, FeatureKind> Kinds { get; init; } = new Dictionary<string, FeatureKind>(StringComparer.Ordinal);

    /// <summary>The label whose probability is predicted, as the file writes it, for example "yes"; null (the default) to find out.</summary>
    public string? Positive { get; init; }

    /// <summary>What is minimised. By the label by default.</summary>
    public RankingLoss Loss { get; init; }

    /// <summary>Rows that the model is measured on, where no test table is given. A tenth, drawn at random, by default.</summary>
    public HoldOut Test { get; init; } = HoldOut.Random(0.1);

    /// <summary>
    /// Share of the rest that is held out too, in the same way, to choose the network and to stop training by; between 0 and 1, both excluded. Then the model is
    /// trained anew on these rows too. 0.1 by default.
    /// </summary>
    public double ValidationFraction
    {
        get;
        init => field = OptionRange.Share(value, nameof(ValidationFraction));
    } = 0.1;

    /// <summary>
    /// How long the choice of a network and its last training may take together, where the settings do not name one: what is tried when half of the time that is
    /// left is over counts as far as it came. Ten minutes by default; null for as long as it takes. Results are the same every time unless time runs out.
    /// </summary>
    public TimeSpan? TimeBudget
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "TimeBudget must be positive, or null for no limit.");
    } = TimeSpan.FromMinutes(10);

    /// <summary>How the model is made and trained.</summary>
    public RankingSettings Settings { get; init; } = new();

    /// <summary>Decides every random choice: the split, the first weights, the order of the rows. 42 by default.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How files are laid out where it does not show, and which columns are read. Found out by default.</summary>
    public CsvOptions Layout { get; init; } = new();

    /// <summary>Where the state of training is saved after each epoch, and gone on from; null (the default) for nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// Ends training early when it is cancelled: the best epoch so far is kept and measured, and returned as usual, without a regression beside it. Before
    /// the first is finished, the run is cancelled. None by default.
    /// </summary>
    public CancellationToken StopToken { get; init; }

    /// <summary>True (the default): a logistic or linear regression is trained and measured beside the model, unless it is the model.</summary>
    public bool MeasureRegression { get; init; } = true;
}

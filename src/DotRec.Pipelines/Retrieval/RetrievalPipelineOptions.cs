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

    /// <summary>Column that tells what was chosen, for example "movie_id". Required.</summary>
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

    /// <summary>Rows that the model is measured on. A tenth, drawn at random, by default.</summary>
    public HoldOut Test { get; init; } = HoldOut.Random(0.1);

    /// <summary>
    /// Share of the rest that is held out too, in the same way, to stop training by: the best epoch is kept. Between 0 and 1, both excluded; null (the
    /// default) for none, all epochs are run.
    /// </summary>
    public double? ValidationFraction
    {
        get;
        init => field = value is { } share ? OptionRange.Share(share, nameof(ValidationFraction)) : null;
    }

    /// <summary>How the model is made and trained. <see cref="RetrievalSettings.Tuned"/> by default.</summary>
    public RetrievalSettings Settings { get; init; } = RetrievalSettings.Tuned;

    /// <summary>The index of the items. By their number by default.</summary>
    public ItemIndexKind Index { get; init; } = ItemIndexKind.Auto;

    /// <summary>Decides every random choice: the split, the first weights, the order of the rows. 42 by default.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How files are laid out where it does not show, and which columns are read. Found out by default.</summary>
    public CsvOptions Layout { get; init; } = new();

    /// <summary>Where the state of training is saved after each epoch, and gone on from; null (the default) for nowhere.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>True: EASE is measured beside the model, where the catalogue has at most 4,000 items. False by default.</summary>
    public bool MeasureEase { get; init; }

    /// <summary>
    /// True: vocabularies hold the values of held-out rows and of the whole catalogue too, as in TFRS' tutorials. False (the default): those of the
    /// training rows only, so that who and what is new in the test is as unknown to the model as it will be in service.
    /// </summary>
    public bool KnowHeldOutValues { get; init; }
}

namespace DotRec.Serving;

/// <summary>The description of a <see cref="Ranker"/>'s bundle.</summary>
internal sealed record RankerManifest : BundleManifest
{
    internal const string KindName = "ranker";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The model that turns raw features into a score.</summary>
    public required BundleModel Ranker { get; init; }

    /// <summary>The column the model was trained to predict; null when not told.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>What a score is.</summary>
    public required ScoreMeaning Score { get; init; }

    internal override string Loader => $"{nameof(Serving.Ranker)}.{nameof(Serving.Ranker.Load)}";

    internal override IEnumerable<string> NamedFiles => Ranker.Files;
}

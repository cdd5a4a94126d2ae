using DotRec.Data;

namespace DotRec.Serving;

/// <summary>The description of a <see cref="Recommender"/>'s bundle.</summary>
internal sealed record RecommenderManifest : BundleManifest
{
    internal const string KindName = "recommender";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The model that turns raw query features into an embedding; null where lists are searched with what a query had.</summary>
    public BundleModel? Query { get; init; }

    /// <summary>How what a query had is read; null where it does not matter.</summary>
    public BundleHistory? History { get; init; }

    /// <summary>What the embeddings are blended with; null for nothing.</summary>
    public BundleBlend? Blend { get; init; }

    /// <summary>The model that turns raw item features into an embedding; null when the bundle has none.</summary>
    public BundleModel? Item { get; init; }

    /// <summary>The model that ranks candidates; null when the bundle has none.</summary>
    public BundleModel? Ranker { get; init; }

    /// <summary>The items and their columns.</summary>
    public required BundleItems Items { get; init; }

    /// <summary>The index over the item embeddings.</summary>
    public required BundleIndex Index { get; init; }

    /// <summary>The feature that tells who asks, for seen items and unknown queries; null when there is none.</summary>
    public string? QueryIdFeature { get; init; }

    /// <summary>Number of recommendations when a caller gives none.</summary>
    public required int K { get; init; }

    /// <summary>Whether what a query id has had is left out when a caller does not say; null for true.</summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>How many candidates are retrieved to be ranked or diversified when a caller gives no number; null in bundles that do not say.</summary>
    public int? RankedCandidates { get; init; }

    /// <summary>Features of the ranker that come with each query although the query model does not read them; null for none.</summary>
    public IReadOnlyList<string>? ContextFeatures { get; init; }

    /// <summary>What a query with an unknown id gets.</summary>
    public required UnknownQueryPolicy UnknownQueries { get; init; }

    internal override string Loader => $"{nameof(Recommender)}.{nameof(Recommender.Load)}";

    internal override IEnumerable<string> NamedFiles =>
    [
        .. Query?.Files ?? [], .. Item?.Files ?? [], .. Ranker?.Files ?? [], Index.File,
        .. Items.Columns.Select(column => column.File), .. new[] { Items.PopularityFile, Items.SeenFile, History?.File, Blend?.File, Blend?.MomentsFile }.OfType<string>(),
    ];
}

/// <summary>How a bundle reads a query as a history.</summary>
/// <param name="Feature">The feature of what was had.</param>
/// <param name="Decay">What an item weighs for each step that it is older.</param>
/// <param name="Length">How many items count.</param>
/// <param name="File">File with what query ids had in training; null where that is not known.</param>
internal sealed record BundleHistory(string Feature, double Decay, int Length, string? File = null);

/// <summary>What the embeddings of a bundle are blended with.</summary>
/// <param name="File">File with lists from item to item.</param>
/// <param name="MomentsFile">File with mean and covariance of the embeddings: a table of D + 1 rows.</param>
/// <param name="Weight">What the lists count beside the embeddings.</param>
internal sealed record BundleBlend(string File, string MomentsFile, double Weight);

/// <summary>The items of a bundle.</summary>
/// <param name="Count">Number of items, N.</param>
/// <param name="IdColumn">Name of the ids, which the index holds.</param>
/// <param name="IdType">"String" or "Int64".</param>
/// <param name="Columns">The columns beside the id, in order.</param>
/// <param name="PopularityFile">File with how often each item was chosen in training; null when unknown.</param>
/// <param name="SeenFile">File with the items each query id has had in training; null when there is none.</param>
internal sealed record BundleItems(
    int Count, string IdColumn, string IdType, IReadOnlyList<BundleColumn> Columns, string? PopularityFile = null, string? SeenFile = null);

/// <summary>An item column of a bundle.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Element type.</param>
/// <param name="IsList">True when each row holds a list.</param>
/// <param name="File">File name inside the bundle.</param>
internal sealed record BundleColumn(string Name, ColumnType Type, bool IsList, string File);

/// <summary>The index of a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Dimension">Embedding width, D.</param>
/// <param name="ScoreFunction">How scores are made.</param>
/// <param name="IsExact">True when a search always returns the items with the best scores.</param>
internal sealed record BundleIndex(string File, int Dimension, DotRec.Indexing.ScoreFunction ScoreFunction, bool IsExact);

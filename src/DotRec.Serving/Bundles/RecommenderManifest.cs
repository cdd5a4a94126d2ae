namespace DotRec.Serving;

/// <summary>The description of a <see cref="Recommender"/>'s bundle.</summary>
public sealed record RecommenderManifest : BundleManifest
{
    internal const string KindName = "recommender";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <summary>The model that turns raw query features into an embedding.</summary>
    public required BundleModel Query { get; init; }

    /// <summary>The model that turns raw item features into an embedding; null when the bundle has none.</summary>
    public BundleModel? Item { get; init; }

    /// <summary>The items and their columns.</summary>
    public required BundleItems Items { get; init; }

    /// <summary>The index over the item embeddings.</summary>
    public required BundleIndex Index { get; init; }

    /// <summary>The feature that tells who asks, for seen items and unknown queries; null when there is none.</summary>
    public string? QueryIdFeature { get; init; }

    /// <summary>Number of recommendations when a caller gives none.</summary>
    public required int K { get; init; }

    /// <summary>What a query with an unknown id gets.</summary>
    public required UnknownQueryPolicy UnknownQueries { get; init; }

    internal override string Loader => $"{nameof(Recommender)}.{nameof(Recommender.Load)}";

    internal override IEnumerable<string> NamedFiles => new[] { Query.File, Item?.File, Index.File, Items.File, Items.SeenFile }.OfType<string>();
}

/// <summary>The items of a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Count">Number of items, N.</param>
/// <param name="IdColumn">Column that holds the ids.</param>
/// <param name="IdType">"String" or "Int64".</param>
/// <param name="DisplayColumns">Names of the columns that recommendations show.</param>
/// <param name="PopularityColumn">Column that holds how often each item was chosen in training; null when unknown.</param>
/// <param name="SeenFile">File with the items each query id has had in training; null when there is none.</param>
public sealed record BundleItems(
    string File, int Count, string IdColumn, string IdType, IReadOnlyList<string> DisplayColumns, string? PopularityColumn = null, string? SeenFile = null);

/// <summary>The index of a bundle.</summary>
/// <param name="File">File name inside the bundle.</param>
/// <param name="Dimension">Embedding width, D.</param>
/// <param name="ScoreFunction">How scores are made.</param>
/// <param name="IsExact">True when a search always returns the items with the best scores.</param>
public sealed record BundleIndex(string File, int Dimension, DotRec.Indexing.ScoreFunction ScoreFunction, bool IsExact);

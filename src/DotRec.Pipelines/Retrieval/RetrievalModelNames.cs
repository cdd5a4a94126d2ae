namespace DotRec.Pipelines;

/// <summary>Retrieval models as reports, bundles and the command line name them.</summary>
internal static class RetrievalModelNames
{
    private static readonly Dictionary<RetrievalModelKind, (string Name, string Title)> Known = new()
    {
        [RetrievalModelKind.Auto] = ("auto", "the best"),
        [RetrievalModelKind.TwoTower] = ("two-tower", "two towers"),
        [RetrievalModelKind.Popularity] = ("popularity", "popularity"),
        [RetrievalModelKind.ItemKnn] = ("item-knn", "item-kNN"),
        [RetrievalModelKind.SequentialRules] = ("sequential-rules", "sequential rules"),
        [RetrievalModelKind.Ease] = ("ease", "EASE"),
        [RetrievalModelKind.ItemTransition] = ("item-transition", "linear item transition"),
        [RetrievalModelKind.Ials] = ("ials", "iALS"),
        [RetrievalModelKind.Bpr] = ("bpr", "BPR"),
        [RetrievalModelKind.SasRec] = ("sasrec", "SASRec"),
        [RetrievalModelKind.Blend] = ("blend", "blend"),
    };

    /// <summary>All names.</summary>
    public static string[] All => [.. Known.Values.Select(known => known.Name)];

    /// <summary>The name of a model.</summary>
    public static string Of(RetrievalModelKind kind) => Known[kind].Name;

    /// <summary>What people call it.</summary>
    public static string TitleOf(RetrievalModelKind kind) => Known[kind].Title;

    /// <summary>The model of a name.</summary>
    public static RetrievalModelKind Parse(string name) => Known.First(known => string.Equals(known.Value.Name, name, StringComparison.Ordinal)).Key;
}

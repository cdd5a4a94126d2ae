namespace DotRec.Pipelines;

/// <summary>The names of networks in bundles, reports and on command lines.</summary>
internal static class RankingNetworkNames
{
    private static readonly (RankingNetworkKind Kind, string Name)[] Table =
    [
        (RankingNetworkKind.Auto, "auto"), (RankingNetworkKind.DeepCross, "dcn"), (RankingNetworkKind.ParallelDeepCross, "dcn-parallel"), (RankingNetworkKind.Dlrm, "dlrm"),
        (RankingNetworkKind.WideAndDeep, "wide-deep"), (RankingNetworkKind.FieldAware, "field-aware"), (RankingNetworkKind.Mlp, "mlp"), (RankingNetworkKind.Logistic, "logistic"),
    ];

    /// <summary>All names.</summary>
    public static string[] All => [.. Table.Select(row => row.Name)];

    /// <summary>The network of a name.</summary>
    public static RankingNetworkKind KindOf(string name) => Table.Single(row => row.Name == name).Kind;

    extension(RankingNetworkKind kind)
    {
        /// <summary>The network's name.</summary>
        public string Name => Table.Single(row => row.Kind == kind).Name;
    }
}

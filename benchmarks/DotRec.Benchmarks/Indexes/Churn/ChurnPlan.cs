namespace DotRec.Benchmarks;

/// <summary>Which changes of a live index to measure.</summary>
/// <param name="Kinds">Some of <see cref="AllKinds"/>.</param>
/// <param name="Shares">Items that change, in percent, for all kinds; null for what is usual for each.</param>
internal sealed record ChurnPlan(IReadOnlyList<string> Kinds, IReadOnlyList<double>? Shares)
{
    public static readonly string[] AllKinds = ["added", "deleted", "clustered", "replaced"];

    /// <summary>Every kind with every share.</summary>
    public IEnumerable<(string Kind, double Share)> Steps() => Kinds.SelectMany(kind => (Shares ?? Usual(kind)).Select(share => (kind, share)));

    private static double[] Usual(string kind) => kind switch
    {
        "added" => [10, 30],
        "clustered" => [0.1, 0.5, 2],
        _ => [50],
    };
}

namespace DotRec.Benchmarks;

/// <summary>Questions whose filters are of one kind and allow equally many items.</summary>
/// <param name="Kind">How the allowed items lie to the query.</param>
/// <param name="Selectivity">Items that were to be allowed, in percent.</param>
/// <param name="Allowed">Items that are allowed.</param>
/// <param name="Questions">The questions; filters may be shared.</param>
internal sealed record FilterCase(string Kind, double Selectivity, int Allowed, FilteredQuery[] Questions)
{
    /// <summary>Items to allow for a selectivity in percent, at least one.</summary>
    public static int CountOf(double selectivity, int itemCount) => Math.Clamp((int)Math.Round(selectivity / 100 * itemCount), 1, itemCount);
}

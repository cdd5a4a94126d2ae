using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>
/// Rows to measure on where measuring on all would take hours: to rank a row's item, every item of the catalogue is scored. Figures of twenty thousand
/// rows are known to less than a hundredth.
/// </summary>
internal static class EvaluationSample
{
    /// <summary>Scores an evaluation may take where nobody says: some tens of seconds on two cores.</summary>
    public const long DefaultBudget = 10_000_000_000;

    // From here on it takes seconds.
    private const double LongWork = 2e9;

    // Fewer tell little, whatever they cost.
    private const int MinRows = 1000;

    /// <summary>All rows, or as many as the budget allows, drawn by the seed, in the order of the table.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="items">Items that each is scored against.</param>
    /// <param name="budget">Scores that may be made.</param>
    /// <param name="seed">Decides which rows are drawn.</param>
    /// <param name="name">What the rows are, for the note.</param>
    /// <param name="notes">Hears how many of how many rows are measured on; null for silence.</param>
    public static FeatureBatch Of(FeatureBatch rows, int items, long budget, ulong seed, string name, PipelineNotes? notes)
    {
        var count = Math.Max(MinRows, budget / Math.Max(items, 1));
        if (rows.RowCount <= count)
        {
            // Nothing is heard of it until it is done.
            if ((double)rows.RowCount * items > LongWork)
            {
                notes?.Note(FormattableString.Invariant($"measuring on {rows.RowCount:N0} {name}, each against {items:N0} items."));
            }

            return rows;
        }

        notes?.Note(FormattableString.Invariant(
            $"measuring on {count:N0} of {rows.RowCount:N0} {name}, drawn at random: all of them against {items:N0} items would take {(double)rows.RowCount * items:G2} scores, {budget:G2} are allowed."));
        var drawn = RowHash.Sample(rows.RowCount, (int)count, seed);
        Array.Sort(drawn);
        return rows.Select(drawn);
    }
}

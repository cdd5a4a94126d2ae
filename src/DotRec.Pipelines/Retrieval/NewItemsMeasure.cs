using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Measures a bundle on those rows whose item nobody chose in its training, as users meet it.</summary>
/// <param name="recommender">The bundle.</param>
/// <param name="ks">List lengths.</param>
internal sealed class NewItemsMeasure(Recommender recommender, int[] ks)
{
    /// <summary>The figures; null where it is not known what was chosen in training, or no row is of a new item.</summary>
    /// <param name="queries">The rows' queries.</param>
    /// <param name="truth">Index rows of their items.</param>
    /// <param name="report">Ranks of all rows.</param>
    /// <param name="notes">Hears how far it is.</param>
    /// <param name="cancellationToken">Heard between blocks of rows.</param>
    public ColdStartEvaluation? Of(FeatureBatch queries, int[] truth, RetrievalReport report, PipelineNotes notes, CancellationToken cancellationToken)
    {
        if (recommender.Popularity is not { } counts)
        {
            return null;
        }

        int[] rows = [.. Enumerable.Range(0, truth.Length).Where(row => truth[row] >= 0 && IsNew(truth[row]))];
        if (rows.Length == 0)
        {
            return null;
        }

        var items = recommender.Index.Ids.Count;
        int[] newItems = [.. Enumerable.Range(0, items).Where(IsNew)];
        var ranks = (recommender.Options.ExcludeSeen && report.HasExcludingSeen ? report.RanksExcludingSeen : report.Ranks).Span;
        int[] amongAll = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            amongAll[i] = ranks[rows[i]];
        }

        // A recommender that goes from item to item has no scores for them.
        var amongNew = recommender.History is not null ? null : RetrievalMetrics.FromRanks(
            BundleRanks.Compute(
                recommender, queries.Select(rows), [.. rows.Select(row => truth[row])], ks[^1], excludeSeen: false, "measuring, new items", notes, cancellationToken,
                ItemFilter.Allow(items, newItems)),
            ks);
        return new ColdStartEvaluation(HoldOutKind.ColdItems, newItems.Length, rows.Length,
        [
            new("random", RandomOrder.Of([.. Enumerable.Repeat(items, rows.Length)], ks), RandomOrder.Of([.. Enumerable.Repeat(newItems.Length, rows.Length)], ks)),
            new("bundle", RetrievalMetrics.FromRanks(amongAll, ks), amongNew),
        ]);

        bool IsNew(int item) => item >= counts.Count || counts[item] == 0;
    }
}

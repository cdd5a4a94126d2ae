using DotRec.Data;
using DotRec.Indexing;
using SeenItems = DotRec.Serving.SeenItems;

namespace DotRec.Pipelines;

/// <summary>Puts a trained model's items into an index.</summary>
internal static class ItemIndexFactory
{
    /// <summary>Items from which on an exact scan takes a good part of a millisecond, and an approximate one hundredths of one.</summary>
    internal const int AutoScannItems = 50_000;

    // Queries to calibrate on: enough to know the recall to a hundredth.
    private const int CalibrationQueries = 1000;
    private const double TargetRecall = 0.98;

    /// <summary>Builds the index, an approximate one calibrated on queries of training as they will ask: without what they have had, if that is left out.</summary>
    /// <param name="kind">Which index.</param>
    /// <param name="fit">Two towers, or embeddings of histories.</param>
    /// <param name="run">What it was trained on.</param>
    /// <param name="data">The catalogue.</param>
    /// <param name="ids">Its ids.</param>
    /// <param name="notes">Hears how well an approximate index finds.</param>
    public static IItemIndex Build(ItemIndexKind kind, RetrievalFit fit, RetrievalRun run, RetrievalData data, ItemIds ids, PipelineNotes notes)
    {
        var (embeddings, dimension) = fit switch
        {
            TwoTowerFit towers => (towers.Model.EmbedItems(data.Items), towers.Model.ItemTower.Dimension),
            var histories => (((HistoryEmbeddingFit)histories).Model.ItemEmbeddings.ToArray(), ((HistoryEmbeddingFit)histories).Model.EmbeddingWidth),
        };
        if (kind == ItemIndexKind.BruteForce || (kind == ItemIndexKind.Auto && ids.Count < AutoScannItems))
        {
            return BruteForceIndex.Build(embeddings, dimension, ids);
        }

        // Searched as calibrated just below.
        var index = ScannIndex.Build(embeddings, dimension, ids, options: new ScannOptions { PartitionsToSearch = 1 });
        var count = Math.Min(CalibrationQueries, run.Split.Train.RowCount);
        var queries = run.Split.Train.Select(Enumerable.Range(0, count).Select(i => (int)((long)i * run.Split.Train.RowCount / count)).ToArray());
        var excluded = run.Exclusion.IsOn ? SeenBy(queries[data.QueryId], SeenItems.From(run.Split.Train, data.QueryId, data.ItemId, ids)) : null;
        var chosen = index.Calibrate(EmbedQueries(fit, queries), excluded, TargetRecall).Chosen;
        notes.Note(FormattableString.Invariant(
            $"index: {ids.Count:N0} items in {index.PartitionCount} partitions, {chosen.PartitionsToSearch} searched: finds {chosen.Recall:P1} of the best ten{(run.Exclusion.IsOn ? " that were not had yet" : "")} in {chosen.Microseconds:f0} µs."));
        return index;
    }

    private static float[] EmbedQueries(RetrievalFit fit, FeatureBatch queries) => fit switch
    {
        TwoTowerFit towers => towers.Model.EmbedQueries(queries),
        var histories => ((HistoryEmbeddingFit)histories).Model.EmbedQueries(((HistoryEmbeddingFit)histories).Rows.Examples(queries), CancellationToken.None),
    };

    private static int[][] SeenBy(Column queries, SeenItems seen) => [.. Enumerable.Range(0, queries.RowCount).Select(row =>
        (queries is Column<string> texts ? seen.RowsOf(texts.Values[row]) : seen.RowsOf(((Column<long>)queries).Values[row])).ToArray())];
}

using DotRec.Indexing;

namespace DotRec.Cli;

/// <summary>Puts a trained model's items into an index.</summary>
internal static class ItemIndexFactory
{
    /// <summary>Items from which on an exact scan takes a good part of a millisecond, and an approximate one hundredths of one.</summary>
    internal const int AutoScannItems = 50_000;

    // Queries to calibrate on: enough to know the recall to a hundredth.
    private const int CalibrationQueries = 1000;
    private const double TargetRecall = 0.98;

    public static IItemIndex Build(ItemIndexKind kind, SeedRun run, Features.FeatureBatch items, ItemIds ids)
    {
        var (embeddings, dimension) = (run.Model.EmbedItems(items), run.Model.ItemTower.Dimension);
        if (kind == ItemIndexKind.BruteForce || (kind == ItemIndexKind.Auto && ids.Count < AutoScannItems))
        {
            return BruteForceIndex.Build(embeddings, dimension, ids);
        }

        var index = ScannIndex.Build(embeddings, dimension, ids);
        var count = Math.Min(CalibrationQueries, run.Train.RowCount);
        var rows = Enumerable.Range(0, count).Select(i => (int)((long)i * run.Train.RowCount / count)).ToArray();
        var chosen = index.Calibrate(run.Model.EmbedQueries(run.Train.Select(rows)), TargetRecall).Chosen;
        Terminal.Say(FormattableString.Invariant(
            $"index: {ids.Count:N0} items in {index.PartitionCount} partitions, {chosen.PartitionsToSearch} searched: finds {chosen.Recall:P1} of the best ten in {chosen.Microseconds:f0} µs."));
        return index;
    }
}

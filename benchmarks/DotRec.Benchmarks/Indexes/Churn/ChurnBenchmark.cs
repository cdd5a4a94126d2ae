using System.Diagnostics;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Measures a live index after changes that it was not built anew for, beside an index that was.</summary>
/// <param name="corpus">Items and queries; the queries of odd number ask.</param>
/// <param name="index">All items, calibrated.</param>
/// <param name="exact">All items, exactly.</param>
/// <param name="options">How indexes are built.</param>
/// <param name="targetRecall">What indexes that do not begin with all items are calibrated to, on the queries of even number.</param>
/// <param name="k">Candidates a query.</param>
/// <param name="passes">Times every query is asked.</param>
/// <param name="seed">Chooses the items that change.</param>
internal sealed class ChurnBenchmark(VectorCorpus corpus, ScannIndex index, IItemIndex exact, ScannOptions options, double targetRecall, int k, int passes, ulong seed)
{
    private const int BatchItems = 1000;
    private const int MostQueries = 300;

    // Clustered deletes: the best items of all queries of a group go at once, so that one index built anew serves the group.
    private const int GroupCount = 2;
    private const int GroupQueries = 20;

    private readonly VectorCorpus _asked = corpus.WithQueries(corpus.TestQueries(MostQueries));

    public IReadOnlyList<ChurnFigures> Run(ChurnPlan plan, CancellationToken cancellation)
    {
        if (corpus.ItemCount < 2)
        {
            throw new UsageException("There is 1 item; --churn needs at least 2, one to change and one to stay.");
        }

        var truth = GroundTruth.Compute(exact, _asked, k, cancellation: cancellation);
        var figures = new List<ChurnFigures>();
        foreach (var (kind, share) in plan.Steps())
        {
            Terminal.Say(FormattableString.Invariant($"measuring a live index with {share} % of the items {kind switch { "clustered" => "deleted around each query", _ => kind }}"));
            var count = Math.Clamp((int)Math.Round(share / 100 * corpus.ItemCount), 1, corpus.ItemCount - 1);
            figures.Add(kind switch
            {
                "added" => Added(share, count, truth, cancellation),
                "deleted" => Deleted(share, count, cancellation),
                "clustered" => Clustered(share, count, cancellation),
                _ => Replaced(share, count, truth, cancellation),
            });
        }

        return figures;
    }

    // An index of the other items, which these are then added to.
    private ChurnFigures Added(double share, int count, GroundTruth truth, CancellationToken cancellation)
    {
        var rows = Shuffled();
        var part = Build(rows[count..], cancellation);
        using var live = new LiveIndex(part, rebuildAfter: int.MaxValue);
        var settings = Calibrations.Run(part, corpus, targetRecall, k, cancellation).Options;
        var upserts = Write(live, rows[..count], delete: false, cancellation);
        return Measure(_asked, truth, corpus.ItemCount, live, index, settings, cancellation).Figures("added", share, count, upserts);
    }

    private ChurnFigures Deleted(double share, int count, CancellationToken cancellation)
    {
        var rows = Shuffled();
        return WithoutRows(_asked, rows[..count], cancellation).Figures("deleted", share, count);
    }

    private ChurnFigures Clustered(double share, int count, CancellationToken cancellation)
    {
        var (all, deletedItems, groups) = ((LiveMeasurement?)null, 0, 0);
        foreach (var queries in corpus.TestQueries(GroupCount * GroupQueries).Chunk(GroupQueries))
        {
            var asked = corpus.WithQueries(queries);
            int[] best = [.. exact.SearchBatch(asked.Queries, count).SelectMany(list => list).Select(candidate => candidate.Row).Distinct()];
            if (best.Length == corpus.ItemCount)
            {
                throw new UsageException(FormattableString.Invariant($"--churn-share is {share}: the best {share} % of the items of {queries.Length} queries are all items, so none would be left. Lower it for clustered deletes."));
            }

            var one = WithoutRows(asked, best, cancellation);
            (all, deletedItems, groups) = (all is null ? one : all.With(one), deletedItems + best.Length, groups + 1);
        }

        return all!.Figures("clustered", share, deletedItems / groups);
    }

    private ChurnFigures Replaced(double share, int count, GroundTruth truth, CancellationToken cancellation)
    {
        var live = Live();
        var upserts = Write(live, Shuffled()[..count], delete: true, cancellation);
        return Measure(_asked, truth, corpus.ItemCount, live, index, index.SearchOptions, cancellation).Figures("replaced", share, count, upserts);
    }

    private LiveMeasurement WithoutRows(VectorCorpus asked, int[] deleted, CancellationToken cancellation)
    {
        var live = Live();
        foreach (var batch in deleted.Chunk(BatchItems))
        {
            cancellation.ThrowIfCancellationRequested();
            live.Delete(Ids(batch));
        }

        var left = ItemFilter.Block(corpus.ItemCount, deleted);
        var truth = GroundTruth.Compute(exact, asked, k, left, cancellation);
        using var rebuilt = Build([.. Enumerable.Range(0, corpus.ItemCount).Where(left.Allows)], cancellation);
        return Measure(asked, truth, rebuilt.Count, live, rebuilt, index.SearchOptions, cancellation);
    }

    // A live index owns the index it begins with; as several begin with this one, none of them is disposed and its maker disposes it.
    private LiveIndex Live() => new(index, rebuildAfter: int.MaxValue);

    private LiveMeasurement Measure(
        VectorCorpus asked, GroundTruth truth, int alive, LiveIndex live, ScannIndex rebuilt, ScannSearchOptions settings, CancellationToken cancellation) =>
        LiveMeasurement.Of(asked, truth, alive, live.Current, rebuilt, settings, passes, cancellation);

    // Items a second; where they were there before, each batch is deleted first.
    private double Write(LiveIndex live, int[] rows, bool delete, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var batch in rows.Chunk(BatchItems))
        {
            cancellation.ThrowIfCancellationRequested();
            if (delete)
            {
                live.Delete(Ids(batch));
            }

            live.Upsert(Ids(batch), corpus.ItemsOf(batch));
        }

        return rows.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private int[] Shuffled()
    {
        var rows = Enumerable.Range(0, corpus.ItemCount).ToArray();
        new SeededRandom(seed).Shuffle<int>(rows);
        return rows;
    }

    private ScannIndex Build(int[] rows, CancellationToken cancellation) =>
        ScannIndex.Build(corpus.ItemsOf(rows), ItemIds.From(Ids(rows)), corpus.ScoreFunction, options, cancellationToken: cancellation);

    private static ReadOnlySpan<long> Ids(int[] rows) => Array.ConvertAll(rows, row => (long)row);
}

using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Asks a live index and one built anew the same queries and compares both with the exact answers; items are known by their number in the corpus.</summary>
/// <param name="Hits">Right answers of the live index, over all queries.</param>
/// <param name="BaselineHits">Right answers of the other.</param>
/// <param name="Possible">Right answers there are.</param>
/// <param name="Microseconds">Time of each query by the live index.</param>
/// <param name="BaselineMicroseconds">Time of each query by the other.</param>
internal sealed record LiveMeasurement(int Hits, int BaselineHits, int Possible, double[] Microseconds, double[] BaselineMicroseconds)
{
    /// <summary>Asks both in turn.</summary>
    /// <param name="asked">The queries to ask.</param>
    /// <param name="truth">Their right answers, by number in the corpus.</param>
    /// <param name="alive">Items there are.</param>
    /// <param name="live">The live index's items now.</param>
    /// <param name="rebuilt">An index of the same items.</param>
    /// <param name="settings">How far the other index goes.</param>
    /// <param name="passes">Times every query is asked.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static LiveMeasurement Of(
        VectorCorpus asked, GroundTruth truth, int alive, IItemIndex live, ScannIndex rebuilt, ScannSearchOptions settings, int passes, CancellationToken cancellation)
    {
        var timed = TimedAnswers.Measure(
            asked.QueryCount,
            truth.K,
            passes,
            cancellation,
            (question, results) => live.Search(asked.Query(question), results),
            (question, results) => rebuilt.Search(asked.Query(question), results, settings));
        return new LiveMeasurement(
            Right(timed[0], live.Ids, truth),
            Right(timed[1], rebuilt.Ids, truth),
            Math.Min(truth.K, alive) * asked.QueryCount,
            timed[0].Microseconds,
            timed[1].Microseconds);
    }

    /// <summary>Several groups of queries as one.</summary>
    public LiveMeasurement With(LiveMeasurement other) => new(
        Hits + other.Hits,
        BaselineHits + other.BaselineHits,
        Possible + other.Possible,
        [.. Microseconds, .. other.Microseconds],
        [.. BaselineMicroseconds, .. other.BaselineMicroseconds]);

    public ChurnFigures Figures(string kind, double share, int changed, double? upsertsPerSecond = null) => new(
        kind,
        share,
        changed,
        Microseconds.Length,
        Hits / (double)Possible,
        Median.Of(Microseconds),
        BaselineHits / (double)Possible,
        Median.Of(BaselineMicroseconds),
        upsertsPerSecond);

    private static int Right(TimedAnswers timed, ItemIds ids, GroundTruth truth) =>
        timed.Answers.Select((answer, query) => truth.Hits(query, Array.ConvertAll(answer, candidate => candidate with { Row = (int)ids.GetInt64(candidate.Row) }))).Sum();
}

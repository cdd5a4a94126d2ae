using System.Diagnostics;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// Times every setting of an index that may be on its front. Queries are asked one at a time; passes go round all settings, so that a busy moment of
/// the machine falls on all alike, and the time of a query is its median over the passes.
/// </summary>
internal sealed class SettingSweep(MeasuredIndex index, VectorCorpus corpus, GroundTruth truth, int threads, int passes)
{
    // A setting slower than one with better recall by more than this is not timed further: noise of one pass does not explain it.
    private const double Slack = 1.2;

    // Within one number of partitions, more candidates are not tried once they add less recall than this.
    private const double MinGain = 0.0005;

    // Queries of the rough pass that decides what is worth timing.
    private const int RoughQueries = 500;

    // The runtime compiles hot code anew while it runs; by then it has.
    private const double WarmUpSeconds = 1;

    private readonly int[] _hits = new int[corpus.QueryCount];
    private readonly int _roughQueries = Math.Min(RoughQueries, corpus.QueryCount);
    private readonly double[] _microseconds = new double[corpus.QueryCount];

    public IReadOnlyList<MeasuredSetting> Run(CancellationToken cancellation)
    {
        var timed = Hopeful(cancellation).ConvertAll(settings => (Settings: settings, Passes: new double[passes][], Hits: new int[corpus.QueryCount]));
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var one in timed)
            {
                cancellation.ThrowIfCancellationRequested();
                Pass(one.Settings, corpus.QueryCount);
                one.Passes[pass] = [.. _microseconds];
                _hits.CopyTo(one.Hits, 0);
            }
        }

        return timed.ConvertAll(one => new MeasuredSetting(one.Settings, one.Hits, Median.Across(one.Passes), truth.K, threads));
    }

    // One rough pass over the whole grid.
    private List<ScannSearchOptions> Hopeful(CancellationToken cancellation)
    {
        WarmUp();
        var rough = new List<(ScannSearchOptions Settings, double Recall, double Qps)>();
        var saturated = -1;
        foreach (var settings in index.Settings(truth.K))
        {
            cancellation.ThrowIfCancellationRequested();
            if (settings.PartitionsToSearch == saturated)
            {
                continue;
            }

            Pass(settings, _roughQueries);
            var point = new MeasuredSetting(settings, _hits[.._roughQueries], _microseconds[.._roughQueries], truth.K, threads).OverAll();
            if (rough.Count > 0 && rough[^1].Settings.PartitionsToSearch is { } partitions && partitions == settings.PartitionsToSearch && point.Recall < rough[^1].Recall + MinGain)
            {
                saturated = partitions;
            }

            // The median of the queries, not their mean: one pass is easily disturbed.
            rough.Add((settings, point.Recall, 1e6 / point.P50Microseconds));
            if (rough.Count > 1 && point.Recall == 1)
            {
                break;
            }
        }

        return [.. rough.Where(one => !rough.Exists(other => other.Recall >= one.Recall && other.Qps > Slack * one.Qps)).Select(one => one.Settings)];
    }

    private void WarmUp()
    {
        var settings = index.Settings(truth.K);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds;)
        {
            Pass(settings[settings.Count / 2], _roughQueries);
        }
    }

    private void Pass(ScannSearchOptions settings, int queryCount)
    {
        if (threads == 1)
        {
            Ask(settings, 0, queryCount);
            return;
        }

        var askers = Enumerable.Range(0, threads).Select(first => new Thread(() => Ask(settings, first, queryCount))).ToArray();
        Array.ForEach(askers, asker => asker.Start());
        Array.ForEach(askers, asker => asker.Join());
    }

    // Every threads-th query from the first.
    private void Ask(ScannSearchOptions settings, int first, int queryCount)
    {
        var found = new Candidate[truth.K];
        for (var query = first; query < queryCount; query += threads)
        {
            var vector = corpus.Query(query);
            var start = Stopwatch.GetTimestamp();
            var count = index.Search(vector, found, settings);
            _microseconds[query] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            _hits[query] = truth.Hits(query, found.AsSpan(0, count));
        }
    }
}

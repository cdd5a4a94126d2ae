using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>A setting of an index with what every query took and found.</summary>
/// <param name="settings">How far searches went.</param>
/// <param name="hits">Right answers of each query.</param>
/// <param name="microseconds">Time of each query, the median over passes.</param>
/// <param name="k">Right answers there are.</param>
/// <param name="threads">Threads that asked at once.</param>
internal sealed class MeasuredSetting(ScannSearchOptions settings, int[] hits, double[] microseconds, int k, int threads)
{
    /// <summary>The figures over all queries.</summary>
    public FrontPoint OverAll() => Over(Enumerable.Range(0, hits.Length));

    /// <summary>The figures over the queries that settings are chosen on: those of even number.</summary>
    public FrontPoint OverValidation() => Over(Half(0));

    /// <summary>The figures over the queries that choices are reported on: those of odd number.</summary>
    public FrontPoint OverTest() => Over(Half(1));

    private IEnumerable<int> Half(int first) => Enumerable.Range(0, hits.Length).Where(query => query % 2 == first);

    private FrontPoint Over(IEnumerable<int> queries)
    {
        var rows = queries.ToArray();
        var times = Array.ConvertAll(rows, query => microseconds[query]);
        Array.Sort(times);
        return new FrontPoint(
            rows.Sum(query => hits[query]) / ((double)k * rows.Length),
            threads * times.Length * 1e6 / times.Sum(),
            Percentile(times, 0.50),
            Percentile(times, 0.99),
            settings);
    }

    // The smallest value that at least this share of the values does not exceed.
    private static double Percentile(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}

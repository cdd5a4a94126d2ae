using System.Diagnostics;
using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Measures an index on a corpus against the exact answers: recall, speed, building time and memory.</summary>
/// <param name="corpus">Items and queries.</param>
/// <param name="k">Candidates a query.</param>
/// <param name="threads">Threads that ask queries.</param>
/// <param name="passes">Times every query is asked with every setting.</param>
internal sealed class IndexBenchmark(VectorCorpus corpus, int k, int threads, int passes) : IDisposable
{
    // The exact scan is slow and steady: few queries tell its speed.
    private const int BruteForceQueries = 100;

    /// <summary>The right answers.</summary>
    public GroundTruth Truth { get; private set; } = null!;

    /// <summary>The index that was built.</summary>
    public MeasuredIndex Index { get; private set; } = null!;

    /// <summary>Queries a second that the exact index answers, the same number of threads asking.</summary>
    public double BruteForceQps { get; private set; }

    /// <summary>Settings on the front or near it.</summary>
    public IReadOnlyList<MeasuredSetting> Settings { get; private set; } = [];

    public string Kernel { get; private set; } = "";

    public double BuildSeconds { get; private set; }

    /// <summary>Resident memory of the process, items and queries among it, before the build.</summary>
    public long BytesBeforeBuild { get; private set; }

    /// <summary>The most resident memory of the process during the build.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Length of the saved index a vector.</summary>
    public double BytesPerVector { get; private set; }

    /// <summary>Runs everything; <paramref name="options"/> null measures the exact index.</summary>
    public void Run(ScannOptions? options, CancellationToken cancellation)
    {
        MeasureExact(cancellation);
        PeakMemory.Reset();
        BytesBeforeBuild = PeakMemory.Bytes();
        Terminal.Say($"building on {Parallelism.MaxDegreeOfParallelism} threads");
        var start = Stopwatch.GetTimestamp();
        var index = Build(options, cancellation);
        Index = index;
        BuildSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        PeakBytes = PeakMemory.Bytes();
        BytesPerVector = SavedBytes(index.Index) / corpus.ItemCount;
        Kernel = index.Kernel;
        Terminal.Say(FormattableString.Invariant($"built in {BuildSeconds:F2} s; measuring"));
        Settings = new SettingSweep(index, corpus, Truth, threads, passes).Run(cancellation);
    }

    /// <summary>The result file's object.</summary>
    public JsonObject ToJson(IEnumerable<RecallTarget> targets) => new()
    {
        ["corpus"] = CorpusExport.Describe(corpus, k),
        ["machine"] = Machine.Describe(),
        ["kernel"] = Kernel,
        ["threads"] = threads,
        ["buildThreads"] = Parallelism.MaxDegreeOfParallelism,
        ["passes"] = passes,
        ["buildSeconds"] = BuildSeconds,
        ["bytesPerVector"] = BytesPerVector,
        ["peakBytes"] = PeakBytes,
        ["bytesBeforeBuild"] = BytesBeforeBuild,
        ["bruteForceQps"] = BruteForceQps,
        ["front"] = new JsonArray([.. Front().Select(point => point.ToJson())]),
        ["targets"] = new JsonArray([.. targets.Select(target => target.ToJson())]),
    };

    public FrontPoint[] Front() => FrontPoint.Front(Settings.Select(setting => setting.OverAll()));

    private MeasuredIndex Build(ScannOptions? options, CancellationToken cancellation)
    {
        if (options is null)
        {
            return BuildExact();
        }

        return new MeasuredIndex.Scann(ScannIndex.Build(corpus.Items, corpus.Dimension, null, corpus.ScoreFunction, options, cancellationToken: cancellation));
    }

    public void Dispose() => Index?.Dispose();

    private MeasuredIndex.BruteForce BuildExact() => new(BruteForceIndex.Build(corpus.Items, corpus.Dimension, scoreFunction: corpus.ScoreFunction));

    private void MeasureExact(CancellationToken cancellation)
    {
        using var exact = BuildExact();
        Terminal.Say($"finding the {k} best of {corpus.ItemCount:N0} items for {corpus.QueryCount:N0} queries");
        Truth = GroundTruth.Compute(exact.Index, corpus, k, cancellation: cancellation);
        var some = corpus with { Queries = corpus.Queries[..(Math.Min(BruteForceQueries, corpus.QueryCount) * corpus.Dimension)] };
        BruteForceQps = new SettingSweep(exact, some, Truth, threads, passes).Run(cancellation)[0].OverAll().Qps;
    }

    private static double SavedBytes(IItemIndex index)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            index.Save(path);
            return new FileInfo(path).Length;
        }
        finally
        {
            File.Delete(path);
        }
    }
}

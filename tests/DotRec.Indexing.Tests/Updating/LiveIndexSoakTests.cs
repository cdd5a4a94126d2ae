using System.Diagnostics;
using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>
/// Four readers and one writer, and a new index in the old one's place as often as it can be built. Runs for two seconds, longer until the second new
/// index where the machine is busy; the environment variable DOTREC_SOAK_SECONDS makes it longer.
/// </summary>
public sealed class LiveIndexSoakTests
{
    private const int Dimension = 8;
    private const int Ids = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Item id is at (cos id, sin id, version, 0 …): its embedding says which version of which item it is.
    private readonly int[] _version = new int[Ids];

    [Fact]
    public async Task Nothing_is_lost_nothing_deleted_is_found_and_nobody_fails()
    {
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("DOTREC_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var given) ? given : 2;
        var embeddings = Enumerable.Range(0, Ids).SelectMany(id => Embedding(id, 0)).ToArray();
        using var live = new LiveIndex(ScannIndex.Build(embeddings, Dimension, cancellationToken: TestContext.Current.CancellationToken), rebuildAfter: 200);
        var clock = Stopwatch.StartNew();
        using var start = new Barrier(5);
        var (searches, rebuilds, rebuilding, ended) = (0L, 0, live.Rebuilding, false);
        var writer = Run(() =>
        {
            var random = new SeededRandom(1);
            try
            {
                while (clock.Elapsed.TotalSeconds < seconds || (rebuilds < 2 && clock.Elapsed < Patience))
                {
                    Change(live, random.NextInt(Ids), delete: random.NextInt(3) == 0);
                    rebuilds += ReferenceEquals(rebuilding, live.Rebuilding) ? 0 : 1;
                    rebuilding = live.Rebuilding;
                }
            }
            finally
            {
                Volatile.Write(ref ended, true);
            }
        });
        var readers = Enumerable.Range(0, 4).Select(reader => Run(() =>
        {
            var random = new SeededRandom(2).Stream((ulong)reader);
            while (!Volatile.Read(ref ended) && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Read(live, random.NextInt(Ids));
                Interlocked.Increment(ref searches);
            }
        })).ToArray();
        await Task.WhenAll([writer, .. readers]);
        await live.Rebuilding;
        await live.RebuildAsync(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage("{0} searches, {1} rebuilds", searches, rebuilds);
        Assert.InRange(rebuilds, 2, int.MaxValue);

        Assert.Equal(_version.Count(version => version >= 0), live.Count);
        var copy = new float[Dimension];
        for (var id = 0; id < Ids; id++)
        {
            var row = live.Current.Ids.RowOf((long)id);
            Assert.Equal(_version[id] >= 0, row >= 0);
            if (row >= 0)
            {
                live.Current.CopyEmbedding(row, copy);
                Assert.Equal(Embedding(id, _version[id]), copy);
            }
        }

        Task Run(Action body) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                body();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    // The writer announces a version before it is in the index and a deletion after it is out; −1 − version is a deleted item.
    private void Change(LiveIndex live, int id, bool delete)
    {
        var version = _version[id];
        if (delete && version >= 0)
        {
            Assert.Equal(1, live.Delete(id));
            Volatile.Write(ref _version[id], -1 - version);
        }
        else
        {
            var next = version >= 0 ? version + 1 : -version;
            live.Upsert(id, Embedding(id, next));
            Volatile.Write(ref _version[id], next);
        }
    }

    private void Read(LiveIndex live, int id)
    {
        var before = Volatile.Read(ref _version[id]);
        var view = live.Current;
        var found = view.Search(Embedding(id, 0), 10);
        Assert.Equal(10, found.Length);
        var copy = new float[Dimension];
        foreach (var candidate in found)
        {
            // A row that is found is the item of its id, whole, and of one version.
            var other = (int)view.Ids.GetInt64(candidate.Row);
            Assert.Equal(candidate.Row, view.Ids.RowOf((long)other));
            view.CopyEmbedding(candidate.Row, copy);
            Assert.Equal(Embedding(other, (int)copy[2]), copy);
        }

        // What the writer had done before the view was taken is in it: later versions may be, earlier ones may not.
        var row = view.Ids.RowOf((long)id);
        if (row < 0)
        {
            return;
        }

        view.CopyEmbedding(row, copy);
        Assert.True(copy[2] >= (before >= 0 ? before : -before), $"Item {id} is of version {copy[2]}; {before} was written before.");
    }

    private static float[] Embedding(int id, int version) =>
        [MathF.Cos(id), MathF.Sin(id), version, 0, 0, id % 7, 0, id % 3];
}

using DotRec.Indexing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DotRec.Serving.Tests;

public sealed class ModelHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serves_the_greatest_number_and_then_a_greater_one()
    {
        Save("2", 1);
        Save("10", 2);
        Directory.CreateDirectory(_folder["11"]); // a version that is still being copied
        Save("latest", 5);
        await using var host = Host();
        await host.StartAsync(Cancellation);
        Assert.Equal(("10", null), (host.Status.Version, host.Status.Problem));
        Same(2, host);
        var changes = 0;
        host.Changed += (_, _) => changes++;
        Save("12", 3);
        Assert.True(await host.RefreshAsync(Cancellation));
        Assert.False(await host.RefreshAsync(Cancellation));
        Assert.Equal(("12", 1), (host.Status.Version, changes));
        Same(3, host);
        Directory.Delete(_folder["12"], recursive: true);
        Assert.True(await host.RefreshAsync(Cancellation));
        Same(2, host);
    }

    [Fact]
    public async Task A_version_that_cannot_be_served_changes_nothing_and_says_why()
    {
        Save("1", 1);
        await using var host = Host();
        await host.StartAsync(Cancellation);
        Save("2", 2);
        File.WriteAllBytes(Path.Combine(_folder["2"], "query.onnx"), [1, 2, 3]);
        Assert.False(await host.RefreshAsync(Cancellation));
        Assert.Equal("1", host.Status.Version);
        Assert.StartsWith("Version 2 cannot be served: ", host.Status.Problem, StringComparison.Ordinal);
        Assert.EndsWith("Version 1 goes on answering.", host.Status.Problem, StringComparison.Ordinal);
        Same(1, host);
        Save("2", 2);
        Assert.True(await host.RefreshAsync(Cancellation));
        Assert.Null(host.Status.Problem);
        Same(2, host);
    }

    [Fact]
    public async Task A_damaged_version_does_not_keep_a_good_one_below_it_from_service()
    {
        Save("4", 1);
        Save("9", 2);
        File.WriteAllBytes(Path.Combine(_folder["9"], "query.onnx"), [1, 2, 3]);
        await using var host = Host();
        await host.StartAsync(Cancellation);
        Assert.Equal("4", host.Status.Version);
        Save("5", 3);
        Assert.True(await host.RefreshAsync(Cancellation));
        Same(3, host);
        Assert.StartsWith("Version 9 cannot be served: ", host.Status.Problem, StringComparison.Ordinal);
        Assert.EndsWith("Version 5 goes on answering.", host.Status.Problem, StringComparison.Ordinal);

        // The version that answers, saved anew and bad: it goes on from memory, no older one takes its place.
        File.WriteAllBytes(Path.Combine(_folder["5"], "query.onnx"), [1, 2, 3]);
        File.SetLastWriteTimeUtc(Path.Combine(_folder["5"], BundleDescription.FileName), DateTime.UnixEpoch);
        Assert.False(await host.RefreshAsync(Cancellation));
        Same(3, host);
        Directory.Delete(_folder["9"], recursive: true);
        Save("5", 3);
        Assert.True(await host.RefreshAsync(Cancellation));
        Assert.Null(host.Status.Problem);
    }

    [Fact]
    public async Task A_bundle_itself_is_served_and_followed_when_it_is_saved_again()
    {
        Save("films", 1);
        await using var host = Host(options => options.Directory = _folder["films"]);
        await host.StartAsync(Cancellation);
        Same(1, host);
        await Task.Delay(20, Cancellation); // file times are as fine as the file system's clock
        Save("films", 2);
        Assert.True(await host.RefreshAsync(Cancellation));
        Same(2, host);
    }

    [Fact]
    public async Task A_pinned_version_stays()
    {
        Save("1", 1);
        Save("2", 2);
        await using var host = Host(options => options.Version = "1");
        await host.StartAsync(Cancellation);
        Same(1, host);
        Directory.Delete(_folder["1"], recursive: true);
        Assert.False(await host.RefreshAsync(Cancellation));
        Assert.Contains("holds no version '1'", (await Assert.ThrowsAsync<BundleException>(() => Host(options => options.Version = "1").StartAsync(Cancellation))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Version 1 is no longer in ", host.Status.Problem, StringComparison.Ordinal);
        Same(1, host);
    }

    [Fact]
    public async Task What_prepares_a_version_runs_before_it_answers_and_may_refuse_it()
    {
        Save("1", 1);
        var corpus = Corpus(1);
        await using var host = Host(options => options.Prepare = (recommender, _) =>
        {
            recommender.DeleteItems("m1");
            return recommender.Items.Count == corpus.ItemCount && options.Directory.Length > 0 && !File.Exists(_folder["stop"]) ? Task.CompletedTask : throw new InvalidOperationException("not today");
        });
        await host.StartAsync(Cancellation);
        Assert.DoesNotContain(host.Recommend(new { user_id = "1" }, k: 100), item => item.ItemId == "m1");
        await File.WriteAllTextAsync(_folder["stop"], "", Cancellation);
        Save("2", 2);
        Assert.False(await host.RefreshAsync(Cancellation));
        Assert.Equal("Version 2 cannot be served: not today Version 1 goes on answering.", host.Status.Problem);
    }

    [Fact]
    public async Task A_change_reaches_the_version_that_answers_and_the_one_being_loaded()
    {
        Save("1", 1);
        ModelHost? host = null;
        var duringLoading = false;
        host = Host(options => options.Prepare = (_, _) =>
        {
            if (duringLoading)
            {
                host!.Change(films => films.DeleteItems("m2"));
            }

            return Task.CompletedTask;
        });
        await using var ending = host;
        Assert.Throws<InvalidOperationException>(() => host.Change(_ => { }));
        await host.StartAsync(Cancellation);
        host.Change(films => films.DeleteItems("m1"));
        Assert.Equal(["m1"], Missing(host));

        // What was deleted before the loading began is Prepare's to delete; what is deleted meanwhile is deleted in both.
        duringLoading = true;
        Save("2", 2);
        Assert.True(await host.RefreshAsync(Cancellation));
        Assert.Equal(("2", "m2"), (host.Status.Version, string.Join(' ', Missing(host))));

        // A change that is refused is nobody's.
        Assert.Throws<ArgumentException>(() => host.Change(films => films.DeleteItems(7)));
        Save("3", 3);
        Assert.True(await host.RefreshAsync(Cancellation));
    }

    [Fact]
    public async Task A_version_that_cannot_take_a_change_is_not_served()
    {
        Save("1", 1);
        ModelHost? host = null;
        host = Host(options => options.Prepare = (_, _) =>
        {
            if (host!.Status.Version is not null)
            {
                var times = 0;
                host.Change(_ => Assert.True(times++ == 0, "not twice"));
            }

            return Task.CompletedTask;
        });
        await using var ending = host;
        await host.StartAsync(Cancellation);
        Save("2", 2);
        Assert.False(await host.RefreshAsync(Cancellation));
        Assert.Equal(("1", "Version 2 cannot be served: not twice Version 1 goes on answering."), (host.Status.Version, host.Status.Problem));
        host.Change(films => films.DeleteItems("m1"));
        Assert.Equal(["m1"], Missing(host));
    }

    [Fact]
    public async Task No_deletion_is_lost_while_versions_come()
    {
        Save("0", 0);
        var deleted = new List<ItemId>();
        await using var host = Host(options =>
        {
            options.PollingInterval = TimeSpan.FromMilliseconds(1);
            options.Prepare = (films, _) =>
            {
                lock (deleted)
                {
                    films.DeleteItems([.. deleted]);
                }

                return Task.CompletedTask;
            };
        });
        await host.StartAsync(Cancellation);
        var saving = Task.Run(
            () =>
            {
                for (var version = 1; version <= 8; version++)
                {
                    Save(TestCorpus.Text(version), version % 6);
                }
            }, Cancellation);
        for (var item = 0; item < 40; item++)
        {
            ItemId id = $"m{item}";
            lock (deleted)
            {
                deleted.Add(id);
            }

            host.Change(films => films.DeleteItems(id));
            for (var asked = 0; asked < 20; asked++)
            {
                Assert.Equal(item + 1, Missing(host).Length);
            }
        }

        await saving;
    }

    [Fact]
    public async Task Without_a_model_the_start_fails_and_asking_says_why()
    {
        await using var host = Host();
        Assert.StartsWith("No model is loaded yet.", Assert.Throws<InvalidOperationException>(() => host.Recommend(new { user_id = "1" })).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BundleException>(() => host.StartAsync(Cancellation));
        Assert.Contains("holds no bundle and no folder with a number for a name that does", Assert.Throws<InvalidOperationException>(() => host.Rent()).Message, StringComparison.Ordinal);
        Save("1", 1);
        Assert.True(await host.RefreshAsync(Cancellation));
        Same(1, host);
        host.Dispose();
        Assert.Throws<ObjectDisposedException>(() => host.Rent());
    }

    [Fact]
    public async Task Versions_come_while_threads_ask_and_no_answer_is_wrong_or_missing()
    {
        var expected = Enumerable.Range(0, 6).Select(seed =>
        {
            using var recommender = Made(seed);
            return Enumerable.Range(0, 21).Select(user => recommender.Recommend(new { user_id = TestCorpus.Text(user) })).ToArray();
        }).ToArray();
        Save("0", 0);
        await using var host = Host(options => options.PollingInterval = TimeSpan.FromMilliseconds(5));
        await host.StartAsync(Cancellation);
        using var ended = new CancellationTokenSource();
        var workers = Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(
            () =>
            {
                var last = 0L;
                for (var i = worker; !ended.IsCancellationRequested; i++)
                {
                    using var lease = host.Rent();
                    var version = long.Parse(lease.Version, System.Globalization.CultureInfo.InvariantCulture);
                    Assert.True(version >= last);
                    last = version;
                    RecommenderTests.Same(expected[version % 6][i % 21], lease.Recommender.Recommend(new { user_id = TestCorpus.Text(i % 21) }));
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (var version = 1; version <= 12; version++)
        {
            Save(TestCorpus.Text(version), version % 6);
            while (host.Status.Version != TestCorpus.Text(version))
            {
                await Task.Delay(5, Cancellation);
            }
        }

        await ended.CancelAsync();
        await Task.WhenAll(workers);
    }

    [Fact]
    public async Task A_host_starts_it_logs_and_stops_it()
    {
        Save("1", 1);
        Save("other/7", 2);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var log = new Journal();
        builder.Logging.AddProvider(log);
        builder.Services.AddDotRec(options => options.Directory = _folder.Path);
        builder.Services.AddDotRec("other", options => options.Directory = _folder["other"]);
        using var app = builder.Build();
        await app.StartAsync(Cancellation);
        var host = app.Services.GetRequiredService<ModelHost>();
        Same(1, host);
        Same(2, app.Services.GetRequiredKeyedService<ModelHost>("other"));
        Assert.Contains(log.Lines, line => line.StartsWith("Version 1 is served: 50 items, from ", StringComparison.Ordinal));
        await app.StopAsync(Cancellation);
        Assert.Throws<ObjectDisposedException>(() => host.Rent());
    }

    private static TestCorpus Corpus(int seed) => new(seed: (ulong)seed + 100);

    private static Recommender Made(int seed) => Corpus(seed).Recommender();

    private static void Same(int seed, ModelHost host)
    {
        using var expected = Made(seed);
        RecommenderTests.Same(expected.Recommend(new { user_id = "3" }), host.Recommend(new { user_id = "3" }));
        RecommenderTests.Same(expected.Recommend(new { user_id = "4" }, k: 3), host.RecommendBatch([new { user_id = "4" }], new RecommendOptions { K = 3 })[0]);
    }

    private static string[] Missing(ModelHost host)
    {
        var found = host.Recommend(new { user_id = "none" }, k: 100).Select(item => item.ItemId.ToString()).ToHashSet(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, 50).Select(item => $"m{item}").Where(id => !found.Contains(id))];
    }

    private void Save(string name, int seed)
    {
        using var recommender = Made(seed);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        recommender.Save(_folder[name]);
    }

    private ModelHost Host(Action<ModelHostOptions>? configure = null)
    {
        var options = new ModelHostOptions { Directory = _folder.Path, PollingInterval = TimeSpan.FromHours(1) };
        configure?.Invoke(options);
        return new ModelHost(options);
    }

    private sealed class Journal : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

using DotRec.Data;
using DotRec.Indexing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DotRec.Serving;

/// <summary>
/// Serves the newest bundle of a folder and exchanges it for a newer one while calls go on: a version is loaded and warmed up beside the one that answers,
/// takes its place at once, and the old one is closed when its last call has ended. A version that cannot be loaded changes nothing and is said to be bad.
/// </summary>
/// <remarks>Every member may be called from any number of threads. Both versions are in memory while one is exchanged for the other.</remarks>
public sealed partial class ModelHost : IDisposable, IAsyncDisposable
{
    private readonly ModelHostOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _changing = new();
    private readonly Dictionary<VersionFolder, Exception> _refused = [];
    private List<Action<Recommender>>? _missed;
    private volatile Served? _served;
    private volatile string? _problem;
    private Task _polling = Task.CompletedTask;

    /// <summary>Makes a host that serves nothing until it is started.</summary>
    /// <param name="options">Where the versions are.</param>
    /// <param name="logger">Told of versions that come into service, and why others do not.</param>
    /// <param name="timeProvider">The clock of the polling.</param>
    public ModelHost(ModelHostOptions options, ILogger<ModelHost>? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Directory, $"{nameof(options)}.{nameof(options.Directory)}");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.PollingInterval, TimeSpan.Zero, $"{nameof(options)}.{nameof(options.PollingInterval)}");
        _options = options;
        _logger = logger ?? NullLogger<ModelHost>.Instance;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>What is served now, and why not something newer.</summary>
    public ModelHostStatus Status => _served is { } served ? new(served.Folder.Name, served.Since, _problem) : new(null, null, _problem);

    /// <summary>Raised after a version has come into service, on the thread that loaded it; <see cref="Status"/> tells which.</summary>
    public event EventHandler? Changed;

    /// <summary>Loads the version there is and begins to look for others.</summary>
    /// <exception cref="BundleException">There is no version, or it is damaged. Looking goes on all the same.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        await RefreshAsync(cancellationToken).ConfigureAwait(false);
        if (_polling.IsCompleted)
        {
            _polling = Task.Run(PollAsync, CancellationToken.None);
        }

        if (_served is null)
        {
            throw new BundleException(_problem ?? "There is no model.");
        }
    }

    /// <summary>Looks for another version now: the newest that can be served and is not older than the one that answers.</summary>
    /// <returns>True when another version answers from now on.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var versions = VersionFolder.Find(_options.Directory, _options.Version);
            foreach (var gone in _refused.Keys.Except(versions).ToArray())
            {
                _refused.Remove(gone);
            }

            var before = _served;
            foreach (var found in versions)
            {
                if (found == before?.Folder || (!_refused.ContainsKey(found) && await TakeAsync(found, cancellationToken).ConfigureAwait(false)))
                {
                    break;
                }

                if (found.Name == before?.Folder.Name)
                {
                    break; // Saved anew and bad: what is in memory is better than an older version.
                }
            }

            Report(versions);
            return _served != before;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>The recommender that answers now, for one use; dispose the lease after it.</summary>
    /// <exception cref="InvalidOperationException">There is no model yet; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    public ModelLease Rent()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            var served = _served ?? throw new InvalidOperationException(_problem ?? $"No model is loaded yet. Call {nameof(StartAsync)} first.");
            if (served.Lifetime.TryEnter() is { } use)
            {
                return new ModelLease(served.Recommender, served.Folder.Name, use);
            }

            // Its successor has taken its place between the two lines above.
        }
    }

    /// <inheritdoc cref="Recommender.Recommend{TQuery}(TQuery, RecommendOptions?)"/>
    public Recommendations Recommend<TQuery>(TQuery query, RecommendOptions? options = null)
    {
        using var lease = Rent();
        return lease.Recommender.Recommend(query, options);
    }

    /// <inheritdoc cref="Recommender.Recommend{TQuery}(TQuery, int)"/>
    public Recommendations Recommend<TQuery>(TQuery query, int k)
    {
        using var lease = Rent();
        return lease.Recommender.Recommend(query, k);
    }

    /// <inheritdoc cref="Recommender.RecommendBatch{TQuery}(IEnumerable{TQuery}, RecommendOptions?, IReadOnlyList{IReadOnlyCollection{ItemId}?}?)"/>
    public IReadOnlyList<Recommendations> RecommendBatch<TQuery>(IEnumerable<TQuery> queries, RecommendOptions? options = null)
    {
        using var lease = Rent();
        return lease.Recommender.RecommendBatch(queries, options);
    }

    /// <summary>
    /// Changes the items of the version that answers, and of a version that is being loaded meanwhile, before it answers: no change is lost between two
    /// versions. Changes happen one after the other, in the same order on each version.
    /// </summary>
    /// <remarks>
    /// A version that is loaded later knows nothing of it: give it what came since it was trained in <see cref="ModelHostOptions.Prepare"/>, out of the store
    /// that you write before you call this.
    /// </remarks>
    /// <param name="change">For example <c>films =&gt; films.DeleteItems("17")</c>. It may be run once more, for the version that is being loaded; if it throws there, that version is not served.</param>
    /// <exception cref="InvalidOperationException">There is no model yet; the message says why.</exception>
    public void Change(Action<Recommender> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_changing)
        {
            using var lease = Rent();
            change(lease.Recommender);
            _missed?.Add(change);
        }
    }

    /// <summary>Ends the looking and closes the recommender once its last call has ended.</summary>
    public void Dispose()
    {
        if (!_closing.IsCancellationRequested)
        {
            _closing.Cancel();
            _served?.Lifetime.Close();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _polling.ConfigureAwait(false);
    }

    private async Task<bool> TakeAsync(VersionFolder found, CancellationToken cancellationToken)
    {
        Recommender? loaded = null;
        Served? before;
        lock (_changing)
        {
            _missed = [];
        }

        try
        {
            loaded = await Recommender.LoadAsync(found.Path, _options.Verification, cancellationToken).ConfigureAwait(false);
            WarmUp(loaded);
            if (_options.Prepare is { } prepare)
            {
                await prepare(loaded, cancellationToken).ConfigureAwait(false);
            }

            before = Exchange(loaded, found);
        }
        catch (Exception exception)
        {
            lock (_changing)
            {
                _missed = null;
            }

            loaded?.Dispose();
            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            _refused[found] = exception;
            return false;
        }

        before?.Lifetime.Close();
        if (_closing.IsCancellationRequested)
        {
            _served!.Lifetime.Close();
            return false;
        }

        LogServed(_logger, found.Name, loaded.Items.Count, found.Path);
        Changed?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <summary>Puts a version in the place of the one before, which it returns, with the changes made since it began to load: nothing is changed in between.</summary>
    private Served? Exchange(Recommender loaded, VersionFolder found)
    {
        lock (_changing)
        {
            _missed!.ForEach(change => change(loaded));
            var before = _served;
            _served = new Served(loaded, found, _time.GetUtcNow(), new Lifetime(nameof(ModelHost), loaded.Dispose));
            _missed = null;
            return before;
        }
    }

    /// <summary>A query of missing values: code is compiled, pages are read, and a model that fails fails here.</summary>
    private static void WarmUp(Recommender recommender)
    {
        var columns = recommender.QueryFeatures.Select(feature =>
        {
            var buffer = ColumnBuffer.Create(feature);
            buffer.AddObject(feature switch
            {
                { IsJagged: true } => null,
                { Type: ColumnType.String } => "",
                _ => 0L,
            });
            return buffer.Build();
        });
        if (recommender.Items.Count > 0)
        {
            recommender.RecommendBatch(new FeatureBatch([.. columns]));
        }
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(_options.PollingInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false))
            {
                try
                {
                    await RefreshAsync(_closing.Token).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    Report($"{_options.Directory} cannot be looked at: {exception.Message}", exception);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host was disposed.
        }
    }

    /// <summary>Says what keeps the version that should answer from it: the newest that cannot be served, or that there is none.</summary>
    private void Report(IReadOnlyList<VersionFolder> versions)
    {
        var directory = Path.GetFullPath(_options.Directory);
        var bad = versions.TakeWhile(version => version != _served?.Folder).FirstOrDefault(_refused.ContainsKey);
        if (bad is not null)
        {
            Report($"Version {bad.Name} cannot be served: {_refused[bad].Message}{(_served is { } kept ? $" Version {kept.Folder.Name} goes on answering." : "")}", _refused[bad]);
        }
        else if (versions.Count > 0)
        {
            _problem = null;
        }
        else
        {
            Report(_served is null
                ? $"{directory} holds no {(_options.Version is null ? "bundle and no folder with a number for a name that does" : $"version '{_options.Version}'")}."
                : $"Version {_served.Folder.Name} is no longer in {directory}; it is served from memory.");
        }
    }

    private void Report(string problem, Exception? exception = null)
    {
        if (_problem != problem)
        {
            _problem = problem;
            LogProblem(_logger, problem, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} is served: {Items} items, from {Path}")]
    private static partial void LogServed(ILogger logger, string version, int items, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem, Exception? exception);

    /// <param name="Recommender">Closed when nobody uses the version any more.</param>
    /// <param name="Folder">Where it is from.</param>
    /// <param name="Since">When it went into service.</param>
    /// <param name="Lifetime">Who uses it.</param>
    private sealed record Served(Recommender Recommender, VersionFolder Folder, DateTimeOffset Since, Lifetime Lifetime);
}

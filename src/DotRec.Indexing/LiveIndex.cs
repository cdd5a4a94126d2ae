using System.Globalization;

namespace DotRec.Indexing;

/// <summary>
/// An approximate index whose items come and go. Added items get a partition and a code as the index' own have, deleted ones are marked; when both
/// have become many, an index of the items there are then is built in the background and takes the place of the old one.
/// </summary>
/// <remarks>
/// <see cref="Current"/> is the items at one moment and never changes: take it once for everything that has to fit together, such as a search and
/// the ids of its rows. Readers never wait and never see half of a call's changes; writers wait for one another, and for the moment in which a
/// new index takes its place. Every member is safe to call from any number of threads. An index that is built starts from the one before, so its
/// bytes follow from the calls so far and from where rebuilds fell among them, not from the items alone.
/// <para>
/// An item keeps its row from when it is added until it is deleted, through replacements and rebuilds, and no other item ever gets that row: an
/// <see cref="ItemFilter"/>, or a column of values by row, stays right while items come and go. Saving and opening numbers rows anew.
/// </para>
/// </remarks>
public sealed class LiveIndex : IDisposable
{
    // Fewer changes cost a search next to nothing.
    private const int MinRebuildAfter = 5_000;

    private readonly ScannOptions _options;
    private readonly SearchDefaults? _searched;
    private readonly int? _rebuildAfter;
    private readonly Lock _write = new();
    private readonly CancellationTokenSource _closing = new();
    private Lazy<EntryCoder> _coder;
    private volatile LiveSnapshot _current;

    // Rows written since the rebuild in progress took its items; null when none is in progress.
    private HashSet<int>? _written;

    /// <summary>Makes an index that can change of one that cannot, and owns it from now on.</summary>
    /// <param name="items">The items to begin with.</param>
    /// <param name="options">How indexes are built from now on; null: as suggested for the size, searched as far as <paramref name="items"/> is.</param>
    /// <param name="rebuildAfter">Added and deleted items after which an index is built in the background; null: a third of the items, at least 5,000.</param>
    public LiveIndex(ScannIndex items, ScannOptions? options = null, int? rebuildAfter = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(rebuildAfter ?? 1, 1, nameof(rebuildAfter));
        _options = options ?? new ScannOptions { RescoringFormat = items.Snapshot.Rows.Format };
        _searched = options is null ? items.Defaults : null;
        _rebuildAfter = rebuildAfter;
        _coder = CoderOf(items);
        _current = new LiveSnapshot(this, LiveChanges.None(LiveItems.Of(items), items.Count), AddedIds.None);
    }

    /// <summary>
    /// The items as they are now. A row that was deleted stays a row that no search returns and no id leads to: its <see cref="IItemIndex.Count"/> is
    /// the number of rows, <see cref="Count"/> that of items. A filter may have been made of an earlier or a later view. Saving a view builds an
    /// index of its items.
    /// </summary>
    public IItemIndex Current => _current;

    /// <summary>Items there are now.</summary>
    public int Count => _current.Changes.AliveCount;

    /// <summary>The rebuild in progress, or the last one, which tells how it ended; completed when there has been none.</summary>
    public Task Rebuilding { get; private set; } = Task.CompletedTask;

    /// <summary>Adds an item, or replaces the one with this id.</summary>
    /// <inheritdoc cref="Upsert(ReadOnlySpan{string}, ReadOnlySpan{float})"/>
    public void Upsert(string id, ReadOnlySpan<float> embedding) => Upsert([id], embedding);

    /// <summary>Adds an item, or replaces the one with this id.</summary>
    /// <inheritdoc cref="Upsert(ReadOnlySpan{string}, ReadOnlySpan{float})"/>
    public void Upsert(long id, ReadOnlySpan<float> embedding) => Upsert([id], embedding);

    /// <summary>Adds items, or replaces those with these ids: all of them at the same moment, or none.</summary>
    /// <param name="ids">Ids of the index's type, each once.</param>
    /// <param name="embeddings">Shape [ids, D]: finite numbers, no row longer than 2^62.</param>
    /// <exception cref="ArgumentException">An id has another type or is given twice, or an embedding another width, NaN or infinity.</exception>
    public void Upsert(ReadOnlySpan<string> ids, ReadOnlySpan<float> embeddings) => Write([], Box(ids), embeddings);

    /// <inheritdoc cref="Upsert(ReadOnlySpan{string}, ReadOnlySpan{float})"/>
    public void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> embeddings) => Write([], Box(ids), embeddings);

    /// <summary>Deletes the items with these ids, all at the same moment; ids there are none of are ignored.</summary>
    /// <returns>How many were deleted.</returns>
    public int Delete(params ReadOnlySpan<string> ids) => Write(Box(ids), [], []);

    /// <inheritdoc cref="Delete(ReadOnlySpan{string})"/>
    public int Delete(params ReadOnlySpan<long> ids) => Write(Box(ids), [], []);

    /// <summary>Builds an index of the items there are now, in the background, and lets it take the old one's place; changes meanwhile are kept.</summary>
    /// <param name="cancellationToken">Ends the waiting for it. The rebuild goes on: others may wait for the same one.</param>
    /// <returns>The rebuild; the one in progress if there is one.</returns>
    public Task RebuildAsync(CancellationToken cancellationToken = default)
    {
        lock (_write)
        {
            return StartRebuild().WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Saves the items there are now as one index, built for it where there are changes outside the index: what <see cref="ItemIndex.Open"/> reads
    /// is a <see cref="ScannIndex"/> with the items in the order of their rows.
    /// </summary>
    /// <param name="path">The file; see <see cref="IItemIndex.Save"/>.</param>
    /// <param name="progress">Told at each stage of a build.</param>
    /// <param name="cancellationToken">Ends it early; nothing is left behind.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task SaveAsync(string path, IProgress<ScannProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var saved = _current;
        return Task.Run(() => Save(saved, path, progress, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Ends the rebuild in progress and gives the memory back once the searches in flight have ended; later calls throw <see
    /// cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        lock (_write)
        {
            _closing.Cancel();
            _current.Changes.Items.Index.Dispose();
        }
    }

    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void ThrowIfDisposed()
    {
        if (_closing.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(LiveIndex), $"{nameof(LiveIndex)} was disposed; it cannot be used any more.");
        }
    }

    /// <summary>Saves the items of a view.</summary>
    internal void Save(LiveSnapshot view, string path, IProgress<ScannProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ThrowIfDisposed();
        if (view.Changes.ChangeCount == 0 && view.Changes.RowCount == view.Changes.AliveCount)
        {
            view.Changes.Items.Index.Save(path);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, cancellationToken);
        using var built = LiveRebuild.Build(view, _options, _searched, LiveRebuild.RowsOf(view.Changes), progress, either.Token);
        built.Save(path);
    }

    private static List<object> Box<T>(ReadOnlySpan<T> ids)
    {
        var boxed = new List<object>(ids.Length);
        foreach (var id in ids)
        {
            boxed.Add(id ?? throw new ArgumentException("An id is null. Every item needs an id.", nameof(ids)));
        }

        return boxed;
    }

    private int Write(List<object> deleted, List<object> ids, ReadOnlySpan<float> embeddings)
    {
        CheckIds(deleted);
        CheckIds(ids);
        CheckEmbeddings(ids, embeddings);
        lock (_write)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            var before = _current;
            var gone = deleted.Select(before.Ids.RowOfBoxed).Where(row => row >= 0).Distinct().ToList();
            var (rows, added) = (new int[ids.Count], new List<(int Row, object Id)>());
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = before.Ids.RowOfBoxed(ids[i]);
                if (rows[i] < 0)
                {
                    rows[i] = checked(before.Changes.RowCount + added.Count);
                    added.Add((rows[i], ids[i]));
                }
            }

            Publish(before, gone, rows, added, embeddings);
            if (_written is null && _current.Changes.ChangeCount > (_rebuildAfter ?? Math.Max(MinRebuildAfter, _current.Changes.Items.Index.Count / 3)))
            {
                _ = StartRebuild();
            }

            return gone.Count;
        }
    }

    // Under the lock.
    private void Publish(LiveSnapshot before, List<int> gone, int[] rows, List<(int Row, object Id)> added, ReadOnlySpan<float> embeddings)
    {
        var changes = before.Changes.With(gone, rows, embeddings, _coder);
        var ids = gone.Count == 0 && added.Count == 0 ? before.AddedIds : before.AddedIds.With(gone, added);
        _current = new LiveSnapshot(this, changes, ids);
        _written?.UnionWith(gone);
        _written?.UnionWith(rows);
    }

    private Lazy<EntryCoder> CoderOf(ScannIndex items) => new(() => new EntryCoder(items.Snapshot, _options.EncodingEta));

    private void CheckIds(List<object> ids)
    {
        var type = _current.Ids.Type;
        if (ids.Find(id => id is string != (type == ItemIdType.String)) is { } other)
        {
            throw new ArgumentException($"Id '{other}' is {(other is string ? "a string" : "an integer")}; the index has ids of type {type}.", nameof(ids));
        }
    }

    private void CheckEmbeddings(List<object> ids, ReadOnlySpan<float> embeddings)
    {
        var dimension = _current.Dimension;
        if (embeddings.Length != (long)ids.Count * dimension)
        {
            throw new ArgumentException(
                $"{ids.Count} ids need {(long)ids.Count * dimension} values, {dimension} each; {embeddings.Length} were given.", nameof(embeddings));
        }

        var seen = new HashSet<object>(ids.Count);
        for (var i = 0; i < ids.Count; i++)
        {
            var row = embeddings.Slice(i * dimension, dimension);
            EmbeddingLength.Check(row, EmbeddingLength.Squared(row), "Row", i, nameof(embeddings));
            if (!seen.Add(ids[i]))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Id '{ids[i]}' is given twice."), nameof(ids));
            }
        }
    }

    // Under the lock.
    private Task StartRebuild()
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        if (_written is null)
        {
            _written = [];
            var from = _current;
            Rebuilding = Task.Run(() => Rebuild(from));
        }

        return Rebuilding;
    }

    private void Rebuild(LiveSnapshot from)
    {
        try
        {
            var rows = LiveRebuild.RowsOf(from.Changes);
            var built = LiveRebuild.Build(from, _options, _searched, rows, null, _closing.Token);
            var items = LiveItems.Of(built, rows, from.Changes.RowCount);
            lock (_write)
            {
                if (_closing.IsCancellationRequested)
                {
                    built.Dispose();
                    return;
                }

                // The old index is not disposed: searches may hold it. It is given back when it is collected.
                var coder = _coder;
                _coder = CoderOf(built);
                try
                {
                    Replay(items, _current, _written!);
                }
                catch
                {
                    // The old index stays, and what is added to it is coded as before.
                    _coder = coder;
                    throw;
                }
            }
        }
        finally
        {
            lock (_write)
            {
                _written = null;
            }
        }
    }

    // What was written while the index was built, as the difference between it and the items there are.
    private void Replay(LiveItems items, LiveSnapshot current, HashSet<int> written)
    {
        var (gone, kept, added, embeddings) = (new List<int>(), new List<int>(), new List<(int, object)>(), new List<float>());
        var embedding = new float[current.Dimension];
        foreach (var row in written.Order())
        {
            if (current.Changes.Positions[row] < 0)
            {
                if (items.PositionOf(row) >= 0)
                {
                    gone.Add(row);
                }

                continue;
            }

            current.CopyEmbedding(row, embedding);
            kept.Add(row);
            embeddings.AddRange(embedding);
            if (items.PositionOf(row) < 0)
            {
                added.Add((row, current.Ids[row].Value));
            }
        }

        var empty = new LiveSnapshot(this, LiveChanges.None(items, current.Changes.RowCount), AddedIds.None);
        Publish(empty, gone, [.. kept], added, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(embeddings));
    }
}

using System.Globalization;

namespace DotRec.Indexing;

/// <summary>
/// An approximate index whose items come and go. Added items are kept beside the index and scored exactly, deleted ones are marked; when both
/// have become many, an index of the items there are then is built in the background and takes the place of the old one.
/// </summary>
/// <remarks>
/// <see cref="Current"/> is the items at one moment and never changes: take it once for everything that has to fit together, such as a search and
/// the ids of its rows. Readers never wait and never see half of a call's changes; writers wait for one another, and for the moment in which a
/// new index takes its place. Every member is safe to call from any number of threads. An index that is built starts from the one before, so its
/// bytes follow from the calls so far and from where rebuilds fell among them, not from the items alone.
/// </remarks>
public sealed class LiveIndex : IDisposable
{
    private readonly ScannOptions _options;
    private readonly int _rebuildAfter;
    private readonly Lock _write = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile LiveSnapshot _current;

    // Ids written since the rebuild in progress took its items; null when none is in progress.
    private HashSet<object>? _written;

    /// <summary>Makes an index that can change of one that cannot, and owns it from now on.</summary>
    /// <param name="items">The items to begin with.</param>
    /// <param name="options">How indexes are built from now on; null: as suggested for the size, searched as far as <paramref name="items"/> is.</param>
    /// <param name="rebuildAfter">Changes after which an index is built in the background; null: a tenth of the items, at least 10,000.</param>
    public LiveIndex(ScannIndex items, ScannOptions? options = null, int? rebuildAfter = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(rebuildAfter ?? 1, 1, nameof(rebuildAfter));
        _options = options ?? new ScannOptions
        {
            PartitionsToSearch = items.SearchOptions.PartitionsToSearch,
            RescoringCount = items.SearchOptions.RescoringCount,
            RescoringFormat = items.Snapshot.Rows.Format,
        };
        _rebuildAfter = rebuildAfter ?? Math.Max(10_000, items.Count / 10);
        _current = new LiveSnapshot(items, Tombstones.None(items.Count), DeltaSegment.Empty(items.Dimension, items.ScoreFunction));
    }

    /// <summary>
    /// The items as they are now. Its rows are those of the index, then those of added items; a row that was deleted or replaced stays a row
    /// that no search returns and no id leads to. It cannot be saved by itself.
    /// </summary>
    public IItemIndex Current => _current;

    /// <summary>Items there are now.</summary>
    public int Count => _current.AliveCount;

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
    /// <returns>The rebuild; the one in progress if there is one.</returns>
    public Task RebuildAsync()
    {
        lock (_write)
        {
            return StartRebuild();
        }
    }

    /// <summary>
    /// Saves the items there are now as one index, built for it where there are changes outside the index: what <see cref="ItemIndex.Open"/> reads
    /// is a <see cref="ScannIndex"/>.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task SaveAsync(string path)
    {
        var saved = _current;
        return Task.Run(() =>
        {
            if (saved.Delta.Count == 0 && saved.Dead.Count == 0)
            {
                saved.Items.Save(path);
                return;
            }

            using var built = LiveRebuild.Build(saved, _options, _closing.Token);
            built.Save(path);
        });
    }

    /// <summary>Ends the rebuild in progress and gives the memory back.</summary>
    public void Dispose()
    {
        lock (_write)
        {
            _closing.Cancel();
            _current.Items.Dispose();
        }
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
            _current = Change(before, deleted, ids, embeddings);
            foreach (var id in deleted.Concat(ids))
            {
                _written?.Add(id);
            }

            if (_written is null && _current.DeadCount + _current.Delta.Count > _rebuildAfter)
            {
                _ = StartRebuild();
            }

            return before.AliveCount + ids.Count - _current.AliveCount;
        }
    }

    private static LiveSnapshot Change(LiveSnapshot before, List<object> deleted, List<object> ids, ReadOnlySpan<float> embeddings)
    {
        var dead = new List<int>();
        foreach (var id in deleted.Concat(ids).Distinct())
        {
            var row = before.Items.Ids.RowOf(id);
            if (row >= 0 && !before.Dead.Contains(row))
            {
                dead.Add(row);
            }
        }

        return new LiveSnapshot(before.Items, before.Dead.With(dead), before.Delta.With(deleted, ids, embeddings, before.ScoreFunction));
    }

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
            throw new ArgumentException($"{ids.Count} ids need {(long)ids.Count * dimension} values, {dimension} each; {embeddings.Length} were given.", nameof(embeddings));
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
            var built = LiveRebuild.Build(from, _options, _closing.Token);
            lock (_write)
            {
                if (_closing.IsCancellationRequested)
                {
                    built.Dispose();
                    return;
                }

                // The old index is not disposed: searches may hold it. It is given back when it is collected.
                _current = Replay(built, _current, _written!);
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
    private static LiveSnapshot Replay(ScannIndex built, LiveSnapshot current, HashSet<object> written)
    {
        var (kept, embeddings) = (new List<object>(), new List<float>());
        var embedding = new float[built.Dimension];
        foreach (var id in written)
        {
            var row = current.Ids.RowOf(id);
            if (row >= 0)
            {
                current.CopyEmbedding(row, embedding);
                kept.Add(id);
                embeddings.AddRange(embedding);
            }
        }

        var empty = new LiveSnapshot(built, Tombstones.None(built.Count), DeltaSegment.Empty(built.Dimension, built.ScoreFunction));
        return Change(empty, [.. written], kept, embeddings.ToArray());
    }
}

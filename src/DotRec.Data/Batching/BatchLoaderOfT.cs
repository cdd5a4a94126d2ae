using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>
/// Goes over rows epoch by epoch, in shuffled batches. What a batch is, a function of its row numbers says. The batches and their order depend on the
/// options and the epoch only, never on threads or timing. Safe to use from several threads; every enumeration is its own.
/// </summary>
/// <typeparam name="TBatch">What a batch is.</typeparam>
public sealed class BatchLoader<TBatch>
{
    private readonly int _rowCount;
    private readonly Func<ReadOnlyMemory<int>, TBatch> _load;
    private readonly BatchOptions _options;

    /// <param name="rowCount">Rows of the data, 0 or more.</param>
    /// <param name="load">Makes a batch of its row numbers; runs on another thread when the options prefetch, one call at a time.</param>
    /// <param name="options">Batch size, order, remainder and prefetching.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of range.</exception>
    /// <exception cref="ArgumentException">The groups are those of other data.</exception>
    public BatchLoader(int rowCount, Func<ReadOnlyMemory<int>, TBatch> load, BatchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        options.Validate();
        if (options.Groups is { } groups && groups.RowCount != rowCount)
        {
            throw new ArgumentException($"The groups are of {groups.RowCount} rows, the data has {rowCount}. Group the data that is loaded.", nameof(options));
        }

        _rowCount = rowCount;
        _load = load;
        _options = options;
    }

    /// <summary>Batches of an epoch.</summary>
    public int BatchCount => (UnitCount / UnitsPerBatch) + (UnitCount % UnitsPerBatch > 0 && !_options.DropRemainder ? 1 : 0);

    // What is shuffled and never cut: groups if there are any, else rows.
    private int UnitCount => _options.Groups?.Count ?? _rowCount;

    private int UnitsPerBatch => _options.Groups is { Count: > 0 } groups
        ? (int)Math.Max(1, (long)_options.BatchSize * groups.Count / groups.RowCount)
        : _options.BatchSize;

    /// <summary>The batches of an epoch, in order.</summary>
    /// <param name="epoch">Number of the epoch, from 0: chooses the order of the rows when they are shuffled.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// What the loading function throws is thrown to the consumer, after the batches before it. Leaving the enumeration early stops the prefetching.
    /// </remarks>
    public IEnumerable<TBatch> Epoch(int epoch, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return _options.Prefetch == 0 ? Loaded(epoch, cancellationToken) : Prefetched(epoch, cancellationToken);
    }

    private IEnumerable<TBatch> Loaded(int epoch, CancellationToken cancellationToken)
    {
        var order = Order(epoch);
        for (var batch = 0; batch < BatchCount; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = batch * UnitsPerBatch;
            var units = order.AsMemory(start, Math.Min(UnitsPerBatch, UnitCount - start));
            yield return _load(_options.Groups is { } groups ? RowsOf(groups, units.Span) : units);
        }
    }

    private IEnumerable<TBatch> Prefetched(int epoch, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ready = new BlockingCollection<TBatch>(_options.Prefetch);
        ExceptionDispatchInfo? failure = null;
        var producer = new Thread(Produce) { IsBackground = true, Name = "DotRec batch loader" };
        producer.Start();
        try
        {
            foreach (var batch in ready.GetConsumingEnumerable(cancellationToken))
            {
                yield return batch;
            }

            // The queue also ends when the producer was cancelled: an epoch must not look complete then.
            cancellationToken.ThrowIfCancellationRequested();
            failure?.Throw();
        }
        finally
        {
            stop.Cancel();
            producer.Join();
        }

        void Produce()
        {
            try
            {
                foreach (var batch in Loaded(epoch, stop.Token))
                {
                    ready.Add(batch, stop.Token);
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            catch (OperationCanceledException)
            {
                // The consumer has left, or is told by its own token.
            }
            finally
            {
                ready.CompleteAdding();
            }
        }
    }

    private static int[] RowsOf(RowGroups groups, ReadOnlySpan<int> chosen)
    {
        var rows = new List<int>();
        foreach (var group in chosen)
        {
            rows.AddRange(groups[group]);
        }

        return [.. rows];
    }

    private int[] Order(int epoch)
    {
        var order = new int[UnitCount];
        for (var unit = 0; unit < order.Length; unit++)
        {
            order[unit] = unit;
        }

        if (_options.Shuffle)
        {
            new SeededRandom(_options.Seed).Stream((ulong)epoch).Shuffle<int>(order);
        }

        return order;
    }
}

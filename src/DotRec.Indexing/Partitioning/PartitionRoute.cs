using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The partitions that one query goes to: the best by their centroids' scores, taken in as many helpings as it needs. Reused from query to query.
/// </summary>
internal sealed unsafe class PartitionRoute
{
    private PinnedBuffer<float> _scores;

    // Scores as ordered integers; Taken where the partition is on the route.
    private PinnedBuffer<int> _ordered;
    private PinnedBuffer<int> _partitions;
    private PinnedBuffer<float> _biases;
    private int _total;
    private int _marked;

    // No finite number's.
    private const int Taken = int.MinValue;

    /// <summary>Partitions on the route.</summary>
    public int Count { get; private set; }

    /// <summary>The partitions on the route: of each helping the best one first, the others in the order of memory.</summary>
    public ReadOnlySpan<int> Partitions => _partitions.Span(Count);

    /// <summary>[Count]: the score of each partition's centroid.</summary>
    public ReadOnlySpan<float> Biases => _biases.Span(Count);

    /// <summary>Scores all partitions and takes none.</summary>
    /// <param name="router">The centroids.</param>
    /// <param name="query">In the form in which centroids are scored.</param>
    public void Begin<TPanel>(PartitionRouter router, float* query)
        where TPanel : struct, IPanelKernel
    {
        _total = router.Centroids.Count;
        var padded = router.Centroids.PanelCount * PanelKernels.Rows;
        _scores.Reserve(padded);
        _ordered.Reserve(padded);
        _partitions.Reserve(padded);
        _biases.Reserve(padded);
        router.Score<TPanel>(query, _scores.Pointer);
        RankSelection.Order(_scores.Span(_total), _ordered.Span(_total));
        Count = 0;
        _marked = 0;
    }

    /// <summary>Takes the best of the partitions that are not on the route yet.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>False when there was none left.</returns>
    public bool Take(int count)
    {
        var first = Count;
        count = Math.Min(count, _total - first);
        if (count <= 0)
        {
            return false;
        }

        return TakeFrom(RankSelection.Threshold(Unmarked(), count), first + count);
    }

    /// <summary>Takes all partitions that are not on the route yet and whose score comes up to a wanted one, with what it can be short of it.</summary>
    /// <param name="score">The wanted score.</param>
    /// <param name="reach">What a unit of a partition makes up for.</param>
    /// <param name="units">[P].</param>
    /// <returns>False when there was none.</returns>
    public bool TakeFrom(float score, float reach, ReadOnlySpan<float> units)
    {
        var ordered = Unmarked();
        var (first, partition) = (Count, 0);
        var (wanted, reaches) = (new Vector<float>(score), new Vector<float>(reach));
        for (; partition + Vector<float>.Count <= ordered.Length; partition += Vector<float>.Count)
        {
            // Few come up to it: whole vectors are passed over.
            var best = Vector.MultiplyAddEstimate(reaches, new Vector<float>(units[partition..]), Vector.Load(_scores.Pointer + partition));
            if (Vector.GreaterThanOrEqualAny(best, wanted))
            {
                TakeFrom(partition, partition + Vector<float>.Count, score, reach, units);
            }
        }

        TakeFrom(partition, ordered.Length, score, reach, units);
        return Count > first;
    }

    private void TakeFrom(int partition, int end, float score, float reach, ReadOnlySpan<float> units)
    {
        for (; partition < end; partition++)
        {
            if (float.MultiplyAddEstimate(reach, units[partition], _scores.Pointer[partition]) >= score && _ordered.Pointer[partition] != Taken)
            {
                Add(partition);
            }
        }
    }

    // The scores, but for those of partitions on the route.
    private Span<int> Unmarked()
    {
        for (; _marked < Count; _marked++)
        {
            _ordered.Pointer[_partitions.Pointer[_marked]] = Taken;
        }

        return _ordered.Span(_total);
    }

    private bool TakeFrom(int threshold, int limit)
    {
        var first = Count;
        if (!TryTakeFrom(threshold, limit))
        {
            // More reach the threshold than there is room for, so some equal it: those must not keep better ones out.
            Count = first;
            TryTakeFrom(threshold + 1, limit);
            for (var partition = 0; partition < _total && Count < limit; partition++)
            {
                if (_ordered.Pointer[partition] == threshold)
                {
                    Add(partition);
                }
            }
        }

        // The best first, so that the first threshold of the scan is a good one.
        var best = first;
        for (var i = first; i < Count; i++)
        {
            best = _biases.Pointer[i] > _biases.Pointer[best] ? i : best;
        }

        if (best > first)
        {
            ToFront(_partitions.Span(Count)[first..(best + 1)]);
            ToFront(_biases.Span(Count)[first..(best + 1)]);
        }

        return Count > first;
    }

    // The last to the front; the others keep their order.
    private static void ToFront<T>(Span<T> values)
    {
        var last = values[^1];
        values[..^1].CopyTo(values[1..]);
        values[0] = last;
    }

    // False when there are more.
    private bool TryTakeFrom(int threshold, int limit)
    {
        for (var partition = 0; partition < _total; partition++)
        {
            if (_ordered.Pointer[partition] >= threshold && _ordered.Pointer[partition] != Taken)
            {
                if (Count == limit)
                {
                    return false;
                }

                Add(partition);
            }
        }

        return true;
    }

    private void Add(int partition)
    {
        _partitions.Pointer[Count] = partition;
        _biases.Pointer[Count] = _scores.Pointer[partition];
        Count++;
    }
}

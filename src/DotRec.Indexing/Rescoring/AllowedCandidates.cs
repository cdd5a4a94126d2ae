using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The direct search: scores every item that may be returned, a thousand at a time, and keeps those that can still be among the k best.
/// Reused from query to query.
/// </summary>
internal sealed unsafe class AllowedCandidates
{
    // Items scored at a time: their scores and numbers stay in the nearest cache.
    private const int ChunkLength = 1024;

    // Words of a filter read at a time.
    private const int FilterWords = 64;

    // A larger share of the items is read in the order of memory.
    private const int OrderedShare = 32;

    private PinnedBuffer<int> _chunk;
    private PinnedBuffer<float> _chunkScores;
    private PinnedBuffer<int> _divided;
    private PinnedBuffer<int> _kept;
    private PinnedBuffer<int> _keptScores;
    private SearchSpace _space = null!;
    private QueryVector _query = null!;
    private int _k;
    private int _gathered;
    private int _count;
    private int _limit;
    private float _min;

    /// <summary>Positions there is room for.</summary>
    public int Capacity => _kept.Length;

    /// <summary>Finds the positions that the k best are among.</summary>
    /// <param name="space">What is searched.</param>
    /// <param name="query">The query.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="mask">The same by entry.</param>
    /// <param name="excluded">Positions to leave out, or null.</param>
    /// <param name="k">Candidates asked for, at least 1.</param>
    /// <returns>Positions, a few more than k where quick scores are not exact. Valid until the next call.</returns>
    public Span<int> Find(SearchSpace space, QueryVector query, ItemFilter? filter, EntryMask mask, RowSet? excluded, int k)
    {
        var allowed = Math.Min(space.AliveCount, filter?.CountAllowed(space.RowCount) ?? int.MaxValue);
        (_space, _query, _k) = (space, query, Math.Clamp(allowed, 1, k));
        (_gathered, _count, _limit, _min) = (0, 0, (int)Math.Min(int.MaxValue, Math.Max(2 * ChunkLength, 2L * _k)), float.NegativeInfinity);
        _chunk.Reserve(ChunkLength);
        _chunkScores.Reserve(ChunkLength);
        _divided.Reserve(ChunkLength);
        if (filter is not null && allowed <= space.RowCount / OrderedShare)
        {
            GatherByRow(filter, excluded);
        }
        else
        {
            GatherByPartition(mask, excluded);
            GatherAdded(filter, excluded);
        }

        Score();
        if (_count > _k)
        {
            Cut();
        }

        (_space, _query) = (null!, null!);
        return _kept.Span(_count);
    }

    // In the order in which rows lie in memory.
    private void GatherByPartition(EntryMask mask, RowSet? excluded)
    {
        var codes = _space.Items.Codes;
        for (var partition = 0; partition < codes.PartitionCount; partition++)
        {
            var place = codes.Partitions[partition];
            var words = mask.Words(partition);
            for (var first = 0; first < place.ItemCount; first += 64)
            {
                var bits = (words == null ? ulong.MaxValue : words[first >> 6]) & LowestBits.Of(place.ItemCount - first);
                for (; bits != 0; bits &= bits - 1)
                {
                    Add(place.FirstPosition + first + BitOperations.TrailingZeroCount(bits), excluded);
                }
            }
        }
    }

    private void GatherAdded(ItemFilter? filter, RowSet? excluded)
    {
        if (_space.Changes is { } changes)
        {
            for (var added = 0; added < changes.Added.Count; added++)
            {
                if (changes.MayReturn(added, filter))
                {
                    Add(changes.FirstAdded + added, excluded);
                }
            }
        }
    }

    // For few items: by row, wherever they lie.
    private void GatherByRow(ItemFilter filter, RowSet? excluded)
    {
        Span<ulong> words = stackalloc ulong[FilterWords];
        for (var first = 0L; first < _space.RowCount; first += FilterWords * 64)
        {
            var chunk = words[..(int)Math.Min(FilterWords, (_space.RowCount - first + 63) / 64)];
            filter.CopyWords((int)(first / 64), chunk);
            for (var word = 0; word < chunk.Length; word++)
            {
                for (var bits = chunk[word]; bits != 0; bits &= bits - 1)
                {
                    var row = first + (word * 64) + BitOperations.TrailingZeroCount(bits);
                    if (row < _space.RowCount && _space.PositionOf((int)row) is var position and >= 0)
                    {
                        Add(position, excluded);
                    }
                }
            }
        }
    }

    private void Add(int position, RowSet? excluded)
    {
        if (excluded?.Contains(position) != true)
        {
            _chunk.Pointer[_gathered++] = position;
            if (_gathered == ChunkLength)
            {
                Score();
            }
        }
    }

    // Scores the chunk and keeps what comes up to the least.
    private void Score()
    {
        var positions = _chunk.Span(_gathered);
        var scores = _chunkScores.Span(_gathered);
        ScoreQuickly(positions, scores);
        Grow(_gathered);
        var kept = _kept.Pointer;
        var keptScores = _keptScores.Pointer;
        var (count, min) = (_count, _min);
        for (var i = 0; i < positions.Length; i++)
        {
            kept[count] = positions[i];
            keptScores[count] = RankSelection.Ordered(scores[i]);

            // The other way round, a NaN out of a damaged file would leave fewer than k.
            count += scores[i] < min ? 0 : 1;
        }

        (_count, _gathered) = (count, 0);
        if (_count >= _limit)
        {
            Cut();
        }
    }

    // The positions come in another order, with their scores.
    private void ScoreQuickly(Span<int> positions, Span<float> scores)
    {
        if (_space.Changes is not { } changes)
        {
            Rescorer.ScoreQuickly(_space, _query, positions, positions.Length, scores);
            return;
        }

        var inItems = Rescorer.Divide(positions, changes.FirstAdded, _divided.Pointer);
        Rescorer.ScoreQuickly(_space, _query, positions, inItems, scores);
        foreach (ref var added in positions[inItems..])
        {
            added += changes.FirstAdded;
        }
    }

    private void Cut()
    {
        var worst = RankSelection.Value(RankSelection.Threshold(_keptScores.Span(_count), _k));
        if (!float.IsNaN(worst))
        {
            // −0 is as good as 0.
            _min = worst - Rescorer.Margin(_space, _query, worst);
            _count = RankSelection.Keep(_keptScores.Pointer, _kept.Pointer, _count, RankSelection.Ordered(_min == 0 ? -0f : _min));
        }

        // Where very many score alike the list grows; it is looked at again when it is twice as long.
        _limit = (int)Math.Max(_limit, Math.Min(int.MaxValue, 2L * _count));
    }

    private void Grow(int more)
    {
        if (_count + more > _kept.Length)
        {
            var length = Math.Max(_limit, 2 * _count) + more;
            _kept.Grow(length, _count);
            _keptScores.Grow(length, _count);
        }
    }
}

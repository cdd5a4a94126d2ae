using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// One query of an approximate index being answered on one thread: its vector in every form a stage needs, the partitions it goes to, and what
/// was found. Reused: <see cref="Rent"/> and <see cref="Return"/> keep one a thread, so that a warm search allocates nothing.
/// </summary>
internal sealed unsafe class ScannQuery
{
    // Rented queries whose buffers grew beyond this are dropped, so that one huge search does not hold memory for good.
    private const int GreatestKeptCandidates = 1 << 16;

    // Of two roundings to float32.
    private const double Rounding = 1.0 / (1 << 22);

    [ThreadStatic]
    private static ScannQuery? t_idle;

    private readonly TopSelector _selector = new(1);
    private readonly RowSet _excluded = new();
    private PinnedBuffer<float> _vector;
    private PinnedBuffer<float> _coded;
    private PinnedBuffer<float> _products;
    private PinnedBuffer<byte> _tables;
    private PinnedBuffer<float> _centroidScores;
    private PinnedBuffer<int> _ordered;
    private PinnedBuffer<int> _partitions;
    private PinnedBuffer<float> _biases;
    private PinnedBuffer<ushort> _foundPositions;
    private PinnedBuffer<short> _foundValues;
    private PinnedBuffer<int> _allowed;
    private PinnedBuffer<float> _scores;
    private ScannSnapshot _snapshot = null!;
    private float _length;
    private float _step;
    private bool _excludes;
    private int _partitionCount;
    private PackedLookupQuery _lookup;

    // The snapshot's codes, with their bounds checked once when the scan is prepared.
    private PackedPartition* _places;
    private byte* _codes;
    private short* _scales;
    private int _subspaces;

    /// <summary>The R best by approximate score.</summary>
    public Shortlist Shortlist { get; } = new();

    /// <summary>The partitions to scan, best first.</summary>
    public ReadOnlySpan<int> Partitions => _partitions.Span(_partitionCount);

    /// <summary>A query to fill; <see cref="Return"/> keeps one a thread.</summary>
    public static ScannQuery Rent()
    {
        var query = t_idle ?? new ScannQuery();
        t_idle = null;
        return query;
    }

    /// <summary>Gives the query back; without it (after an exception) the next search makes a new one.</summary>
    public void Return()
    {
        if (TryRelease())
        {
            t_idle = this;
        }
    }

    /// <summary>Lets go of the snapshot. False when the query has grown too large to be kept.</summary>
    public bool TryRelease()
    {
        _snapshot = null!;
        return _scores.Length <= GreatestKeptCandidates;
    }

    /// <summary>Takes a query vector in: checks it and brings it into the form that centroids and codewords are scored with.</summary>
    /// <param name="snapshot">What will be searched.</param>
    /// <param name="vector">[D].</param>
    /// <param name="number">Its number in the batch, or −1, for messages.</param>
    /// <param name="excludedRows">Rows it may not return.</param>
    public void Begin(ScannSnapshot snapshot, ReadOnlySpan<float> vector, int number, ReadOnlySpan<int> excludedRows)
    {
        var squaredLength = EmbeddingLength.Squared(vector);
        EmbeddingLength.Check(vector, squaredLength, "Query", number, "query");
        _snapshot = snapshot;
        _length = (float)Math.Sqrt(squaredLength);
        _excludes = !excludedRows.IsEmpty;
        _excluded.Replace(excludedRows, snapshot.Rows.Positions);
        _vector.Reserve(vector.Length);
        var own = _vector.Span(vector.Length);
        vector.CopyTo(own);
        if (snapshot.ScoreFunction == ScoreFunction.Cosine)
        {
            Scale(own, EmbeddingLength.Inverse(squaredLength));
        }

        // Approximate scores of a query of length 1: its own length would only change their unit.
        var codedLength = snapshot.Codes.Subspaces * QuantizedItems.BlockWidth;
        _coded.Reserve(codedLength);
        var coded = _coded.Span(codedLength);
        coded.Clear();
        vector.CopyTo(coded);
        if (snapshot.Lift is { } lift)
        {
            squaredLength = lift.LiftQuery(vector, coded);
        }

        Scale(coded, EmbeddingLength.InverseOfAny(squaredLength));
    }

    /// <summary>Chooses the partitions to scan.</summary>
    /// <param name="partitionsToSearch">1 to P.</param>
    public void Route<TPanel>(int partitionsToSearch)
        where TPanel : struct, IPanelKernel
    {
        var router = _snapshot.Router;
        _centroidScores.Reserve(router.Centroids.PanelCount * PanelKernels.Rows);
        _partitions.Reserve(partitionsToSearch);
        _biases.Reserve(partitionsToSearch);
        router.Score<TPanel>(_coded.Pointer, _centroidScores.Pointer);
        Choose(_centroidScores.Span(_snapshot.Codes.PartitionCount), partitionsToSearch);
    }

    /// <summary>Makes the lookup tables and empties the shortlist.</summary>
    /// <param name="rescoringCount">R.</param>
    public void PrepareScan(int rescoringCount)
    {
        var codes = _snapshot.Codes;
        var subspaces = codes.Subspaces;
        _places = codes.Partitions.Pointer(0, codes.PartitionCount);
        _codes = codes.Codes.Pointer(0, codes.BlockCount * subspaces * PackedLookup.RowBytes);
        _scales = codes.Scales.Pointer(0, codes.BlockCount * PackedLookup.BlockItems);
        _subspaces = subspaces;
        _products.Reserve(subspaces * PackedLookup.Codewords);
        _tables.Reserve(subspaces * PackedLookup.Codewords);
        _foundPositions.Reserve(Shortlist.GreatestBatch + PackedLookupQuery.Slack);
        _foundValues.Reserve(Shortlist.GreatestBatch + PackedLookupQuery.Slack);
        _lookup = new PackedLookupQuery { Tables = _tables.Pointer, Positions = _foundPositions.Pointer, Values = _foundValues.Pointer };
        fixed (PackedLookupQuery* lookup = &_lookup)
        {
            _step = _snapshot.Tables.Fill(_coded.Pointer, _products.Pointer, lookup);
        }


        // Both copies of a spilled item may be among the best.
        Shortlist.Restart(codes.HasSpilled ? (int)Math.Min(2L * rescoringCount, Shortlist.GreatestCount) : rescoringCount);
    }

    /// <summary>Scans one of the partitions and offers what is found to the shortlist.</summary>
    /// <param name="order">Which of <see cref="Partitions"/>.</param>
    /// <param name="filter">Entries that may be found, or null.</param>
    public void Scan<TLookup>(int order, EntryFilter? filter)
        where TLookup : struct, IPackedLookupKernel
    {
        var count = _places[_partitions.Pointer[order]].Count;
        for (var first = 0; first < count; first += Shortlist.GreatestBatch)
        {
            ScanRun<TLookup>(order, first, filter);
        }
    }

    /// <summary>Scans a run of a partition.</summary>
    /// <param name="order">Which of <see cref="Partitions"/>.</param>
    /// <param name="first">First entry of the run in the partition, a multiple of <see cref="Shortlist.GreatestBatch"/>.</param>
    /// <param name="filter">Entries that may be found, or null.</param>
    public void ScanRun<TLookup>(int order, int first, EntryFilter? filter)
        where TLookup : struct, IPackedLookupKernel
    {
        if (SetThreshold(order))
        {
            var run = Run(order, first, filter);
            fixed (PackedLookupQuery* lookup = &_lookup)
            {
                TLookup.ScanOne(&run, lookup);
            }

            Offer(order, first);
        }
    }

    /// <summary>Scans a run of a partition for two queries at once: for each as for one alone.</summary>
    /// <param name="other">A query of the same snapshot.</param>
    /// <param name="order">Which of this query's partitions.</param>
    /// <param name="otherOrder">Which of the other query's partitions: the same partition.</param>
    /// <param name="first">First entry of the run.</param>
    /// <param name="filter">Entries that may be found, or null.</param>
    public void ScanRun<TLookup>(ScannQuery other, int order, int otherOrder, int first, EntryFilter? filter)
        where TLookup : struct, IPackedLookupKernel
    {
        if (!SetThreshold(order))
        {
            other.ScanRun<TLookup>(otherOrder, first, filter);
        }
        else if (!other.SetThreshold(otherOrder))
        {
            ScanRun<TLookup>(order, first, filter);
        }
        else
        {
            var run = Run(order, first, filter);
            var lookups = stackalloc PackedLookupQuery[2];
            (lookups[0], lookups[1]) = (_lookup, other._lookup);
            TLookup.ScanTwo(&run, lookups);
            (_lookup.Found, other._lookup.Found) = (lookups[0].Found, lookups[1].Found);
            Offer(order, first);
            other.Offer(otherOrder, first);
        }
    }

    /// <summary>Scores the shortlist and writes the k best, best first.</summary>
    /// <returns>How many there are.</returns>
    public int Rescore(Span<Candidate> results)
    {
        var candidates = Shortlist.Finish();
        if (_snapshot.Codes.HasSpilled)
        {
            candidates = candidates[..Distinct(candidates)];
            _snapshot.Rows.CheckSorted(candidates);
        }

        return Rescore(candidates, results);
    }

    /// <summary>Scores all allowed items instead, where they are few, and writes the k best, best first.</summary>
    /// <returns>How many there are.</returns>
    public int RescoreAllowed(ItemFilter filter, Span<Candidate> results)
    {
        _allowed.Reserve(filter.AllowedCount);
        var count = 0;
        for (var word = 0; word < filter.Bits.Length; word++)
        {
            for (var bits = filter.Bits[word]; bits != 0; bits &= bits - 1)
            {
                var position = _snapshot.Rows.PositionOf((word * 64) + BitOperations.TrailingZeroCount(bits));
                _allowed.Pointer[count] = position;
                count += _excluded.Contains(position) ? 0 : 1;
            }
        }

        return Rescore(_allowed.Span(count), results);
    }

    private int Rescore(Span<int> candidates, Span<Candidate> results)
    {
        var k = Math.Min(results.Length, candidates.Length);
        if (k == 0)
        {
            return 0;
        }

        _scores.Reserve(candidates.Length);
        var rows = _snapshot.Rows;
        var scores = _scores.Span(candidates.Length);
        var vector = _vector.Span(_snapshot.Dimension);
        rows.Score(vector, candidates, _snapshot.ScoreFunction, scores);
        if (rows.IsExact && candidates.Length > k)
        {
            var count = KeepBest(candidates, scores, k);
            candidates = candidates[..count];
            scores = scores[..count];
        }

        if (rows.IsExact)
        {
            rows.ScoreExactly(vector, candidates, _snapshot.ScoreFunction, scores);
        }

        _selector.Restart(k);
        for (var i = 0; i < candidates.Length; i++)
        {
            _selector.Add(scores[i], rows.RowAt(candidates[i]));
        }

        // Fewer than k where a damaged file holds rows that have no score.
        k = _selector.CopyBest(scores, candidates);
        for (var i = 0; i < k; i++)
        {
            results[i] = new Candidate(candidates[i], scores[i]);
        }

        return k;
    }

    // The best first, so that the first threshold is a good one; the others in the order of memory.
    private void Choose(Span<float> scores, int count)
    {
        _ordered.Reserve(scores.Length);
        var ordered = _ordered.Span(scores.Length);
        RankSelection.Order(scores, ordered);
        var threshold = RankSelection.Threshold(ordered, count);
        var (chosen, best) = (0, 0);
        for (var partition = 0; partition < ordered.Length; partition++)
        {
            if (ordered[partition] >= threshold && chosen < count)
            {
                _partitions.Pointer[chosen] = partition;
                _biases.Pointer[chosen] = scores[partition];
                best = scores[partition] > _biases.Pointer[best] ? chosen : best;
                chosen++;
            }
        }

        _partitionCount = chosen;
        (_partitions.Pointer[0], _partitions.Pointer[best]) = (_partitions.Pointer[best], _partitions.Pointer[0]);
        (_biases.Pointer[0], _biases.Pointer[best]) = (_biases.Pointer[best], _biases.Pointer[0]);
    }

    private static void Scale(Span<float> vector, double factor)
    {
        foreach (ref var value in vector)
        {
            value = (float)(value * factor);
        }
    }

    private static int Distinct(Span<int> positions)
    {
        positions.Sort();
        var count = 0;
        foreach (var position in positions)
        {
            if (count == 0 || positions[count - 1] != position)
            {
                positions[count++] = position;
            }
        }

        return count;
    }

    private PackedLookupRun Run(int order, int first, EntryFilter? filter)
    {
        var place = _places[_partitions.Pointer[order]];
        var block = place.FirstBlock + (first / PackedLookup.BlockItems);
        return new PackedLookupRun
        {
            Codes = _codes + ((long)block * _subspaces * PackedLookup.RowBytes),
            Scales = _scales + ((long)block * PackedLookup.BlockItems),
            Allowed = filter is null ? null : filter.Words(block),
            Rows = _subspaces,
            Count = Math.Min(place.Count - first, Shortlist.GreatestBatch),
        };
    }

    // The threshold in the scan's integers, a little low: the shortlist looks again. False when nothing can pass.
    private bool SetThreshold(int order)
    {
        var unit = _places[_partitions.Pointer[order]].ScaleUnit * _step;
        var needed = (double)Shortlist.Threshold - _biases.Pointer[order];
        if (!(unit > 0))
        {
            _lookup.Threshold = short.MinValue;
            return needed <= 0;
        }

        // Scores are rounded to float32, far finer than a step of the scan unless the bias is far greater than what the scan adds.
        var rounding = 1 + (Rounding * (Math.Abs(Shortlist.Threshold) + Math.Abs(_biases.Pointer[order])) / unit);
        var threshold = Math.Floor(needed / unit) - (float.IsNegativeInfinity(Shortlist.Threshold) ? 0 : rounding);
        _lookup.Threshold = (int)Math.Clamp(threshold, short.MinValue, short.MaxValue);
        return threshold < short.MaxValue;
    }

    private void Offer(int order, int first)
    {
        if (_lookup.Found == 0)
        {
            return;
        }

        var place = _places[_partitions.Pointer[order]];
        var codes = _snapshot.Codes;
        fixed (PackedLookupQuery* lookup = &_lookup)
        {
            if (codes.HasSpilled || _excludes)
            {
                var positions = codes.HasSpilled ? codes.SpilledPositions.Pointer(((long)place.FirstBlock * PackedLookup.BlockItems) + first, 1) : null;
                Shortlist.AddPicked(lookup, place.FirstPosition + first, positions, _excluded, _biases.Pointer[order], place.ScaleUnit * _step);
            }
            else
            {
                Shortlist.Add(lookup, place.FirstPosition + first, _biases.Pointer[order], place.ScaleUnit * _step);
            }
        }
    }

    // Keeps the candidates that are among the k best even if the quick scores are as far off as they can be.
    private int KeepBest(Span<int> candidates, Span<float> scores, int k)
    {
        _ordered.Reserve(scores.Length);
        var ordered = _ordered.Span(scores.Length);
        RankSelection.Order(scores, ordered);
        var worst = RankSelection.Value(RankSelection.Threshold(ordered, k));
        var least = worst - _snapshot.Rows.OrderMargin(_length, worst, _snapshot.ScoreFunction);
        var count = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            candidates[count] = candidates[i];

            // The other way round, a NaN out of a damaged file would leave fewer than k.
            count += scores[i] < least ? 0 : 1;
        }

        return count;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>
/// The k best of a stream of (score, row) pairs: bigger scores first, equal scores by lower row. −0 equals +0. NaN is never selected.
/// The answer depends on the set of pairs, not on the order they came in. Not safe for use from several threads.
/// </summary>
/// <remarks>
/// No allocation after construction or <see cref="Restart"/>. A small k keeps its keys sorted: the threshold is then always the k-th best score,
/// and few pairs pass it. For a larger k a full buffer of 2k keys is cut to its best k, so that a pair costs O(1) on average.
/// </remarks>
internal sealed class TopSelector
{
    // Scores are compared in chunks with the threshold of the chunk's begin: short, so that it is seldom much too low.
    private const int ChunkLength = 256;

    // Up to this k, moving keys up to make room is cheaper than cutting a buffer now and then.
    private const int MaxSortedCount = 48;

    // A pair is one 64-bit key: the score's bits, made to sort as the score does, above the complemented row. Bigger is better.
    private ulong[] _keys = [];
    private int _capacity;
    private int _length;
    private ulong _worst;

    /// <param name="count">k, at least 1.</param>
    public TopSelector(int count) => Restart(count);

    /// <summary>k.</summary>
    public int Count { get; private set; }

    /// <summary>A score below this cannot be among the k best any more; negative infinity until k pairs were seen.</summary>
    public float Threshold { get; private set; }

    /// <summary>Forgets everything and selects the <paramref name="count"/> best from now on. Allocates only when no earlier count was as large.</summary>
    /// <param name="count">k, at least 1.</param>
    public void Restart(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / 2 / sizeof(ulong));
        Count = count;
        _capacity = count <= MaxSortedCount ? count : Math.Max(2 * count, count + 64);
        if (_keys.Length < _capacity)
        {
            _keys = new ulong[_capacity];
        }

        Clear();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _length = 0;
        _worst = 0;
        Threshold = float.NegativeInfinity;
    }

    /// <summary>Offers one pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float score, int row)
    {
        // False for NaN too.
        if (score >= Threshold)
        {
            Push(ScoreKey.Of(score, row));
        }
    }

    /// <summary>Offers scores[i] with row <paramref name="firstRow"/> + i for every i.</summary>
    public void AddRange(ReadOnlySpan<float> scores, int firstRow)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                AddRange<SelectAboveAvx512>(scores, [], firstRow);
                break;
            case InstructionSet.Avx2:
                AddRange<SelectAboveAvx2>(scores, [], firstRow);
                break;
            default:
                AddRange<SelectAbovePortable>(scores, [], firstRow);
                break;
        }
    }

    /// <summary>Offers scores[i] with rows[i] for every i.</summary>
    public void AddRange(ReadOnlySpan<float> scores, ReadOnlySpan<int> rows)
    {
        Require.SameLength(scores.Length, rows.Length);
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                AddRange<SelectAboveAvx512>(scores, rows, 0);
                break;
            case InstructionSet.Avx2:
                AddRange<SelectAboveAvx2>(scores, rows, 0);
                break;
            default:
                AddRange<SelectAbovePortable>(scores, rows, 0);
                break;
        }
    }

    /// <summary>Writes the best pairs, best first. More pairs may be offered afterwards.</summary>
    /// <returns>How many there are: k, or fewer when fewer were offered.</returns>
    /// <exception cref="ArgumentException">A span has no room for them.</exception>
    public int CopyBest(Span<float> scores, Span<int> rows)
    {
        if (_length > Count)
        {
            Cut();
        }

        if (scores.Length < _length || rows.Length < _length)
        {
            throw new ArgumentException($"There are {_length} best pairs; the spans hold {scores.Length} scores and {rows.Length} rows.", nameof(scores));
        }

        var keys = _keys.AsSpan(0, _length);
        if (Count > MaxSortedCount)
        {
            keys.Sort();
            keys.Reverse();
        }

        for (var i = 0; i < _length; i++)
        {
            scores[i] = ScoreKey.Score(keys[i]);
            rows[i] = ScoreKey.Row(keys[i]);
        }

        return _length;
    }

    // The rows are firstRow, firstRow + 1, … when rows is empty.
    private void AddRange<TKernel>(ReadOnlySpan<float> scores, ReadOnlySpan<int> rows, int firstRow)
        where TKernel : struct, ISelectAboveKernel
    {
        Span<int> positions = stackalloc int[ChunkLength];
        for (var begin = 0; begin < scores.Length; begin += ChunkLength)
        {
            var chunk = scores[begin..Math.Min(begin + ChunkLength, scores.Length)];
            var count = TKernel.SelectAbove(in MemoryMarshal.GetReference(chunk), chunk.Length, Threshold, ref MemoryMarshal.GetReference(positions));
            foreach (var position in positions[..count])
            {
                Push(ScoreKey.Of(chunk[position], rows.IsEmpty ? firstRow + begin + position : rows[begin + position]));
            }
        }
    }

    private void Push(ulong key)
    {
        if (key <= _worst)
        {
            return;
        }

        if (Count <= MaxSortedCount)
        {
            Insert(key);
            return;
        }

        _keys[_length++] = key;
        if (_length == _capacity)
        {
            Cut();
        }
    }

    // Keeps the keys in descending order.
    private void Insert(ulong key)
    {
        var keys = _keys;
        var at = _length == Count ? Count - 1 : _length++;
        for (; at > 0 && keys[at - 1] < key; at--)
        {
            keys[at] = keys[at - 1];
        }

        keys[at] = key;
        if (_length == Count)
        {
            _worst = keys[Count - 1];
            Threshold = ScoreKey.Score(_worst);
        }
    }

    private void Cut()
    {
        KeySelection.MoveLargestToFront(_keys.AsSpan(0, _length), Count);
        _length = Count;
        _worst = _keys[Count - 1];
        Threshold = ScoreKey.Score(_worst);
    }
}

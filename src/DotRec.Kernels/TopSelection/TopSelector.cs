using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>
/// The k best of a stream of (score, row) pairs: bigger scores first, equal scores by lower row. −0 equals +0. NaN is never selected.
/// The answer depends on the set of pairs, not on the order they came in. Not safe for use from several threads.
/// </summary>
/// <remarks>No allocation after construction or <see cref="Restart"/>. A full buffer of 2k keys is cut to its best k, so a pair costs O(1) on average.</remarks>
internal sealed class TopSelector
{
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
        _capacity = Math.Max(2 * count, count + 64);
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
            Push(Key(score, row));
        }
    }

    /// <summary>Offers scores[i] with row <paramref name="firstRow"/> + i for every i.</summary>
    public void AddRange(ReadOnlySpan<float> scores, int firstRow)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            Add(scores[i], firstRow + i);
        }
    }

    /// <summary>Offers scores[i] with rows[i] for every i.</summary>
    public void AddRange(ReadOnlySpan<float> scores, ReadOnlySpan<int> rows)
    {
        Require.SameLength(scores.Length, rows.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            Add(scores[i], rows[i]);
        }
    }

    /// <summary>Writes the best pairs, best first, and forgets nothing.</summary>
    /// <returns>How many there are: k, or fewer when fewer were offered. Both spans must have room for them.</returns>
    public int CopyBest(Span<float> scores, Span<int> rows)
    {
        var keys = _keys.AsSpan(0, _length);
        keys.Sort(static (x, y) => y.CompareTo(x));
        _length = Math.Min(_length, Count);
        for (var i = 0; i < _length; i++)
        {
            scores[i] = Score(keys[i]);
            rows[i] = Row(keys[i]);
        }

        return _length;
    }

    private void Push(ulong key)
    {
        if (key <= _worst)
        {
            return;
        }

        _keys[_length++] = key;
        if (_length == _capacity)
        {
            Cut();
        }
    }

    private void Cut()
    {
        _keys.AsSpan(0, _length).Sort(static (x, y) => y.CompareTo(x));
        _length = Count;
        _worst = _keys[Count - 1];
        Threshold = Score(_worst);
    }

    private static ulong Key(float score, int row)
    {
        // Adding +0 turns −0 into +0, so that the two tie.
        var bits = BitConverter.SingleToInt32Bits(score + 0f);
        var ordered = (uint)(bits ^ ((bits >> 31) | int.MinValue));
        return ((ulong)ordered << 32) | ~(uint)row;
    }

    private static float Score(ulong key)
    {
        var ordered = (int)(key >> 32);
        return BitConverter.Int32BitsToSingle(ordered ^ ((~ordered >> 31) | int.MinValue));
    }

    private static int Row(ulong key) => (int)~(uint)key;
}

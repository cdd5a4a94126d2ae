using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// A set of a few rows or positions, for the exclusions or the candidates of one query: open addressing, at most half full, reused from query to query.
/// </summary>
internal sealed class RowSet
{
    private const int Empty = -1;

    // Fibonacci hashing: consecutive rows, which filters and histories are full of, land far apart.
    private const uint Multiplier = 0x9E3779B9;

    private int[] _slots = [];
    private int _mask;
    private int _shift;
    private bool _any;

    /// <summary>Replaces the contents. −1 is left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside −1 … itemCount − 1.</exception>
    public void Replace(ReadOnlySpan<int> rows, int itemCount)
    {
        if (!Clear(rows.Length))
        {
            return;
        }

        foreach (var row in rows)
        {
            if (ItemFilter.CheckRow(row, itemCount))
            {
                _slots[Find(row)] = row;
            }
        }
    }

    /// <summary>Replaces the contents by checked numbers, and leaves each of them once, in their order.</summary>
    /// <returns>How many are left.</returns>
    public int Distinct(Span<int> numbers)
    {
        if (!Clear(numbers.Length))
        {
            return 0;
        }

        var count = 0;
        foreach (var number in numbers)
        {
            ref var slot = ref _slots[Find(number)];
            numbers[count] = number;
            count += slot == Empty ? 1 : 0;
            slot = number;
        }

        return count;
    }

    public bool Contains(int row) => _any && _slots[Find(row)] == row;

    // Makes room for so many rows; false when there are none.
    private bool Clear(int count)
    {
        _any = count > 0;
        if (!_any)
        {
            return false;
        }

        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, checked(count * 2)));
        if (_slots.Length < capacity)
        {
            _slots = new int[capacity];
        }

        _mask = capacity - 1;
        _shift = 32 - BitOperations.Log2((uint)capacity);
        _slots.AsSpan(0, capacity).Fill(Empty);
        return true;
    }

    private int Find(int row)
    {
        var at = (int)((uint)row * Multiplier >> _shift);
        while (_slots[at] != Empty && _slots[at] != row)
        {
            at = (at + 1) & _mask;
        }

        return at;
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;

namespace DotRec.Data;

/// <summary>
/// A growing array whose values never move: they stand in borrowed chunks until <see cref="TakeArray"/> joins them. Growing by doubling would touch
/// each fresh page several times, which costs more than parsing a number.
/// </summary>
internal sealed class GrowingValues<T>
{
    private const int ChunkLength = 1 << 16;

    // Small, for a line of text can name a million columns.
    private const int FirstLength = 16;
    private readonly List<T[]> _full = [];
    private T[] _chunk = ArrayPool<T>.Shared.Rent(FirstLength);
    private int _used;
    private int _before;

    /// <summary>Number of values.</summary>
    public int Count => _before + _used;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T value)
    {
        var (chunk, used) = (_chunk, _used);
        if ((uint)used < (uint)chunk.Length)
        {
            chunk[used] = value;
            _used = used + 1;
        }
        else
        {
            AddToNext(value);
        }
    }

    /// <summary>True when a value meets a condition.</summary>
    public bool Any(Predicate<T> condition) => _full.Exists(chunk => Array.Exists(chunk, condition)) || Array.Exists(_chunk[.._used], condition);

    /// <summary>All values, in order. Gives the chunks back: nothing can be added afterwards.</summary>
    public T[] TakeArray()
    {
        var values = new T[Count];
        var start = 0;
        foreach (var chunk in _full)
        {
            chunk.CopyTo(values, start);
            start += chunk.Length;
            GiveBack(chunk);
        }

        _chunk.AsSpan(0, _used).CopyTo(values.AsSpan(start));
        GiveBack(_chunk);
        _full.Clear();
        (_chunk, _used, _before) = ([], 0, 0);
        return values;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddToNext(T value)
    {
        _before = checked(_before + _chunk.Length);
        _full.Add(_chunk);
        _chunk = ArrayPool<T>.Shared.Rent(Math.Min(ChunkLength, 2 * _chunk.Length));
        _chunk[0] = value;
        _used = 1;
    }

    private static void GiveBack(T[] chunk) => ArrayPool<T>.Shared.Return(chunk, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
}

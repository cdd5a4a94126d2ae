using System.Buffers;
using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Rows that one search may not return, gathered in a pooled buffer. Ids the index does not hold are left out.</summary>
internal ref struct ExcludedRows
{
    private int[] _rows;
    private int _count;

    public ExcludedRows() => _rows = [];

    public readonly ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    public void Add(ReadOnlySpan<int> rows)
    {
        Reserve(rows.Length);
        rows.CopyTo(_rows.AsSpan(_count));
        _count += rows.Length;
    }

    public void Add(int row)
    {
        Reserve(1);
        _rows[_count++] = row;
    }

    /// <exception cref="ArgumentException">An id is of another type than the index's ids.</exception>
    public void Add(IEnumerable? exclude, ItemIds ids)
    {
        switch (exclude)
        {
            case null:
                return;
            case string text:
                throw new ArgumentException($"exclude is the single text \"{text}\"; a list of item ids was expected: new[] {{ \"{text}\" }}.", nameof(exclude));
            case IEnumerable<string> texts when ids.Type == ItemIdType.String:
                foreach (var id in texts)
                {
                    Keep(ids.RowOf(id));
                }

                return;
            case IEnumerable<long> integers when ids.Type == ItemIdType.Int64:
                foreach (var id in integers)
                {
                    Keep(ids.RowOf(id));
                }

                return;
        }

        foreach (var id in exclude)
        {
            CheckType(id, ids.Type);
            Keep(ids.RowOf(id));
        }
    }

    public readonly int[] ToArray() => Rows.ToArray();

    public readonly void Dispose()
    {
        if (_rows.Length > 0)
        {
            ArrayPool<int>.Shared.Return(_rows);
        }
    }

    /// <summary>An id of another type could only ever be ignored: that is a mistake to hear of, not a filter.</summary>
    internal static void CheckType(object? id, ItemIdType type)
    {
        if (id is not (string or long or int or uint or short or ushort or byte or sbyte) || id is string != (type == ItemIdType.String))
        {
            throw new ArgumentException(
                $"The item id {(id is null ? "null" : id is string text ? $"\"{text}\"" : FormattableString.Invariant($"{id} ({id.GetType().Name})"))} was given; the ids of this index are {type}.", nameof(id));
        }
    }

    private void Keep(int row)
    {
        if (row >= 0)
        {
            Add(row);
        }
    }

    private void Reserve(int more)
    {
        if (_rows.Length >= _count + more)
        {
            return;
        }

        var larger = ArrayPool<int>.Shared.Rent(Math.Max(_count + more, 2 * _count));
        Rows.CopyTo(larger);
        Dispose();
        _rows = larger;
    }
}

using System.Buffers;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Rows that the queries of a call may not get, gathered query after query in pooled memory. Ids the index does not hold are left out.</summary>
internal sealed class ExcludedRows : IDisposable
{
    // One is kept a thread: a warm request allocates nothing here.
    [ThreadStatic]
    private static ExcludedRows? _idle;

    private int[] _ends = [];
    private int[] _rows = [];
    private int _count;
    private int _ended;

    private ExcludedRows()
    {
    }

    public static ExcludedRows Rent(int queries)
    {
        var excluded = _idle ?? new ExcludedRows();
        _idle = null;
        excluded._ends = queries == 1 ? [] : new int[queries];
        return excluded;
    }

    public ReadOnlySpan<int> Of(int query)
    {
        if (_ends.Length == 0)
        {
            return _rows.AsSpan(0, _count);
        }

        var start = query == 0 ? 0 : _ends[query - 1];
        return _rows.AsSpan(start, _ends[query] - start);
    }

    /// <summary>An array a query; null when there is no row at all.</summary>
    public int[][]? ByQuery()
    {
        if (_count == 0)
        {
            return null;
        }

        var byQuery = new int[_ended][];
        for (var query = 0; query < byQuery.Length; query++)
        {
            byQuery[query] = Of(query).ToArray();
        }

        return byQuery;
    }

    public void Add(ReadOnlySpan<int> rows)
    {
        Reserve(rows.Length);
        rows.CopyTo(_rows.AsSpan(_count));
        _count += rows.Length;
    }

    /// <exception cref="ArgumentException">An id is of another type than the index's ids.</exception>
    public void Add(IReadOnlyCollection<ItemId>? exclude, ItemIds ids)
    {
        if (exclude is null || exclude.Count == 0)
        {
            return;
        }

        Reserve(exclude.Count);
        if (exclude is ItemId[] array)
        {
            foreach (ref readonly var id in array.AsSpan())
            {
                Add(id, ids);
            }
        }
        else
        {
            foreach (var id in exclude)
            {
                Add(id, ids);
            }
        }
    }

    /// <summary>The rows added since the last query ended are this query's.</summary>
    public void EndQuery()
    {
        if (_ends.Length > 0)
        {
            _ends[_ended] = _count;
        }

        _ended++;
    }

    public void Dispose()
    {
        GiveBack();
        (_count, _ended, _ends) = (0, 0, []);
        _idle = this;
    }

    /// <summary>An id of another type could only ever be ignored: that is a mistake to hear of, not a filter.</summary>
    internal static void CheckType(ItemId id, ItemIds ids)
    {
        if (id.Type != ids.Type)
        {
            throw new ArgumentException(
                $"The item id {(id.Type == ItemIdType.String ? $"\"{id}\"" : id.ToString())} is {Kind(id.Type)}; the ids of this index are {Kind(ids.Type)}s.", nameof(id));
        }
    }

    private void Add(ItemId id, ItemIds ids)
    {
        CheckType(id, ids);
        if (ids.RowOf(id) is >= 0 and var row)
        {
            Reserve(1);
            _rows[_count++] = row;
        }
    }

    private void Reserve(int more)
    {
        if (_rows.Length < _count + more)
        {
            var larger = ArrayPool<int>.Shared.Rent(Math.Max(_count + more, 2 * _count));
            _rows.AsSpan(0, _count).CopyTo(larger);
            GiveBack();
            _rows = larger;
        }
    }

    private void GiveBack()
    {
        if (_rows.Length > 0)
        {
            ArrayPool<int>.Shared.Return(_rows);
            _rows = [];
        }
    }

    private static string Kind(ItemIdType type) => type == ItemIdType.String ? "text" : "integer";
}

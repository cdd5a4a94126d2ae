using System.Buffers;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What the queries of a call have had, as rows of items: given by the query, or known of its id. Used by one thread at a time.</summary>
/// <param name="places">Where the features stand.</param>
/// <param name="length">How many items count, the newest ones.</param>
/// <param name="ids">The items.</param>
/// <param name="known">What ids had in training; null where nothing is known.</param>
internal sealed class HistoryRows(HistoryPlaces places, int length, ItemIds ids, QueryHistories? known) : IDisposable
{
    private int[] _ends = [];
    private bool[] _isGiven = [];
    private int[] _rows = [];
    private int _count;

    /// <summary>How many items count.</summary>
    public int Length => length;

    /// <summary>The items that count of a query, oldest first, as rows; empty where nothing is known of it.</summary>
    public ReadOnlySpan<int> Of(int query) => _rows.AsSpan(Start(query), _ends[query] - Start(query));

    /// <summary>The same, where the query itself gave them.</summary>
    public ReadOnlySpan<int> GivenBy(int query) => _isGiven[query] ? Of(query) : [];

    /// <summary>Reads the features of a call.</summary>
    public void Read(ColumnBuffer[] features, int queries)
    {
        _count = 0;
        if (_ends.Length < queries)
        {
            (_ends, _isGiven) = (new int[queries], new bool[queries]);
        }

        for (var query = 0; query < queries; query++)
        {
            _isGiven[query] = features[places.History] is ColumnBuffer<string> texts ? Add(texts.Row(query)) : Add(((ColumnBuffer<long>)features[places.History]).Row(query));
            if (!_isGiven[query] && known is not null && places.QueryId >= 0)
            {
                Add(KnownOf(features[places.QueryId], query));
            }

            _ends[query] = _count;
        }
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_rows);

    private ReadOnlySpan<int> KnownOf(ColumnBuffer queryId, int query) => queryId switch
    {
        ColumnBuffer<string> names => known!.RowsOf(names.Values[query]),
        ColumnBuffer<long> numbers when !numbers.IsMissing(query) => known!.RowsOf(numbers.Values[query]),
        _ => [],
    };

    private int Start(int query) => query == 0 ? 0 : _ends[query - 1];

    // The newest items that the index holds. True where the query gave any, known or not: then it is not to be answered as somebody else.
    private bool Add<T>(ReadOnlySpan<T> given)
    {
        Reserve(Math.Min(length, given.Length));
        var start = _count;
        for (var i = given.Length - 1; i >= 0 && _count - start < length; i--)
        {
            var row = typeof(T) == typeof(string) ? ids.RowOf((string)(object)given[i]!) : ids.RowOf((long)(object)given[i]!);
            _rows[_count] = row;
            _count += row >= 0 ? 1 : 0;
        }

        _rows.AsSpan(start, _count - start).Reverse();
        return given.Length > 0;
    }

    private void Add(ReadOnlySpan<int> rows)
    {
        var counting = rows[Math.Max(0, rows.Length - length)..];
        Reserve(counting.Length);
        counting.CopyTo(_rows.AsSpan(_count));
        _count += counting.Length;
    }

    private void Reserve(int more)
    {
        if (_rows.Length < _count + more)
        {
            var larger = ArrayPool<int>.Shared.Rent(Math.Max(_count + more, 2 * _count));
            _rows.AsSpan(0, _count).CopyTo(larger);
            ArrayPool<int>.Shared.Return(_rows);
            _rows = larger;
        }
    }
}

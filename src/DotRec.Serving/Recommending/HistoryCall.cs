using System.Buffers;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>One call of queries that are histories: the rows of the items that each has had, given by the query or known of its id.</summary>
/// <param name="signature">The features.</param>
/// <param name="historyFeature">Place of the feature of what was had.</param>
/// <param name="length">How many items count, the newest ones.</param>
/// <param name="ids">The items.</param>
/// <param name="known">What ids had in training; null where nothing is known.</param>
internal sealed class HistoryCall(ModelSignature signature, int historyFeature, int length, ItemIds ids, QueryHistories? known)
    : QueryCall([.. signature.Features.Select(ColumnBuffer.Create)])
{
    private int[] _ends = [];
    private bool[] _isGiven = [];
    private int[] _rows = [];
    private int _count;

    /// <summary>The items that count of a query, oldest first, as rows; empty where nothing is known of it.</summary>
    public ReadOnlySpan<int> Of(int query) => _rows.AsSpan(Start(query), _ends[query] - Start(query));

    /// <summary>The same, where the query itself gave them.</summary>
    public ReadOnlySpan<int> GivenBy(int query) => _isGiven[query] ? Of(query) : [];

    public override void Run()
    {
        _count = 0;
        if (_ends.Length < RowCount)
        {
            (_ends, _isGiven) = (new int[RowCount], new bool[RowCount]);
        }

        for (var query = 0; query < RowCount; query++)
        {
            _isGiven[query] = Features[historyFeature] is ColumnBuffer<string> texts ? Add(texts.Row(query)) : Add(((ColumnBuffer<long>)Features[historyFeature]).Row(query));
            if (!_isGiven[query] && known is not null)
            {
                Add(KnownOf(query));
            }

            _ends[query] = _count;
        }
    }

    public override void Dispose() => ArrayPool<int>.Shared.Return(_rows);

    private ReadOnlySpan<int> KnownOf(int query) => Features[0] switch
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

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>One search of an inverted index: the sums of the items that the lists lead to. Kept by its thread from search to search.</summary>
internal sealed class SparseSearch
{
    // Buffers that grew beyond this are dropped after the search, so that one huge catalogue or k does not hold memory for good.
    private const int MostKept = 1 << 24;

    [ThreadStatic]
    private static SparseSearch? t_idle;

    private readonly RowSet _excluded = new();
    private readonly TopSelector _selector = new(1);
    private SparseLists _lists = null!;
    private float[] _sums = [];

    // The number of the search that last added to an item.
    private int[] _searches = [];
    private int[] _touched = [];
    private int _count;
    private int _search;
    private float[] _scores = [];
    private int[] _rows = [];

    private SparseSearch()
    {
    }

    /// <summary>The items that were added to.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    public static SparseSearch Rent(SparseLists lists, ReadOnlySpan<int> excludedRows)
    {
        var search = t_idle ?? new SparseSearch();
        t_idle = null;
        search.Begin(lists);
        search._excluded.Replace(excludedRows, lists.ItemCount);
        return search;
    }

    /// <summary>Adds a dimension of the query.</summary>
    public void Add(int dimension, float weight)
    {
        var rows = _lists.Of(dimension, out var weights);
        var (sums, searches, touched) = (_sums, _searches, _touched);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (searches[row] != _search)
            {
                searches[row] = _search;
                sums[row] = 0;
                touched[_count++] = row;
            }

            // Fused where the processor can, as all kernels compute: the score has the same bits as in the other exact indexes.
            sums[row] = float.MultiplyAddEstimate(weight, weights[i], sums[row]);
        }
    }

    /// <summary>Adds dimensions of the query that are in range; those below 0 are left out.</summary>
    public void Add(ReadOnlySpan<int> dimensions, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] >= 0)
            {
                Add(dimensions[i], weights[i]);
            }
        }
    }

    /// <summary>The sum of an item, without its prior.</summary>
    public float SumOf(int row) => _searches[row] == _search ? _sums[row] : 0;

    /// <summary>The score of an item: its sum and its prior.</summary>
    public float ScoreOf(int row) => Math.Clamp(SumOf(row) + _lists.PriorOf(row), -float.MaxValue, float.MaxValue);

    /// <summary>Writes the best items and gives the search back.</summary>
    public int Finish(Span<Candidate> results, ItemFilter? filter)
    {
        var count = Best(results, filter);
        Return();
        return count;
    }

    /// <summary>Writes the best items.</summary>
    public int Best(Span<Candidate> results, ItemFilter? filter)
    {
        var count = 0;
        var k = Math.Min(results.Length, _lists.ItemCount);
        if (k > 0)
        {
            Select(k, filter);
            Reserve(ref _scores, k);
            Reserve(ref _rows, k);
            count = _selector.CopyBest(_scores, _rows);
            for (var i = 0; i < count; i++)
            {
                results[i] = new Candidate(_rows[i], _scores[i]);
            }
        }

        return count;
    }

    /// <summary>Gives the search back.</summary>
    public void Return()
    {
        _lists = null!;
        if (_sums.Length <= MostKept && _scores.Length <= MostKept)
        {
            t_idle = this;
        }
    }

    private void Select(int k, ItemFilter? filter)
    {
        _selector.Restart(k);
        foreach (var row in Touched)
        {
            // A score beyond all numbers is the greatest one, in either direction.
            var score = ScoreOf(row);
            if (score >= _selector.Threshold && IsAllowed(row, filter))
            {
                _selector.Add(score, row);
            }
        }

        // Of the others none is better than the first k by their priors.
        for (int place = 0, added = 0; place < _lists.ItemCount && added < k; place++)
        {
            var row = _lists.RowByPrior(place);
            if (_searches[row] != _search && IsAllowed(row, filter))
            {
                var prior = _lists.PriorOf(row);
                if (prior < _selector.Threshold)
                {
                    break;
                }

                _selector.Add(prior, row);
                added++;
            }
        }
    }

    private bool IsAllowed(int row, ItemFilter? filter) => (filter is null || filter.Allows(row)) && !_excluded.Contains(row);

    private void Begin(SparseLists lists)
    {
        _lists = lists;
        _count = 0;
        if (_sums.Length < lists.ItemCount)
        {
            _sums = new float[lists.ItemCount];
            _searches = new int[lists.ItemCount];
            _touched = new int[lists.ItemCount];
            _search = 0;
        }

        if (_search == int.MaxValue)
        {
            Array.Clear(_searches);
            _search = 0;
        }

        _search++;
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }
    }
}

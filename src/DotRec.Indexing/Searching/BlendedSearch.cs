using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>One search of a <see cref="BlendedIndex"/>. Kept by its thread from search to search.</summary>
internal sealed class BlendedSearch
{
    // What is read of each index at first, for each item asked for and at least.
    private const int ReadAnItem = 4;
    private const int LeastRead = 128;

    // How much deeper the next reading goes.
    private const int Deeper = 4;

    // Buffers that grew beyond this are dropped after the search.
    private const int MostKept = 1 << 20;

    [ThreadStatic]
    private static BlendedSearch? t_idle;

    private readonly RowSet _byEmbedding = new();
    private readonly TopSelector _selector = new(1);
    private BlendedIndex _index = null!;
    private BlendScales _scales;
    private Candidate[] _first = [];
    private Candidate[] _second = [];
    private int[] _rows = [];
    private float[] _scores = [];
    private float[] _embedding = [];

    private BlendedSearch()
    {
    }

    public static BlendedSearch Rent(BlendedIndex index, BlendScales scales)
    {
        var search = t_idle ?? new BlendedSearch();
        t_idle = null;
        (search._index, search._scales) = (index, scales);
        if (search._embedding.Length < index.Embeddings.Dimension)
        {
            search._embedding = new float[index.Embeddings.Dimension];
        }

        return search;
    }

    public void Return()
    {
        _index = null!;
        if (_first.Length <= MostKept)
        {
            t_idle = this;
        }
    }

    /// <summary>Writes the best items.</summary>
    public int Run(ReadOnlySpan<float> query, SparseSearch lists, Span<Candidate> results, ItemFilter? filter, ReadOnlySpan<int> excludedRows)
    {
        var items = _index.Lists.Count;
        var k = Math.Min(results.Length, items);
        for (var read = Math.Min((long)items, Math.Max(LeastRead, (long)ReadAnItem * k)); ; read = Math.Min(items, Deeper * read))
        {
            Reserve((int)read);
            var first = _first.AsSpan(0, (int)read);
            var second = _second.AsSpan(0, (int)read);
            first = first[.._index.Embeddings.Search(query, first, filter, excludedRows)];
            second = second[..lists.Best(second, filter)];
            var count = Select(query, lists, first, second, k);

            // All that is allowed was read, or what was not read has less than the last one read in both: the sum of these two.
            if (read == items || first.Length < read || second.Length < read || !_index.IsExact || (count == k && _scores[k - 1] > _scales.Add(first[^1].Score, second[^1].Score)))
            {
                for (var i = 0; i < count; i++)
                {
                    results[i] = new Candidate(_rows[i], _scores[i]);
                }

                return count;
            }
        }
    }

    private int Select(ReadOnlySpan<float> query, SparseSearch lists, ReadOnlySpan<Candidate> first, ReadOnlySpan<Candidate> second, int k)
    {
        _selector.Restart(k);
        for (var i = 0; i < first.Length; i++)
        {
            _rows[i] = first[i].Row;
            _selector.Add(_scales.Add(first[i].Score, lists.ScoreOf(first[i].Row)), first[i].Row);
        }

        _byEmbedding.Replace(_rows.AsSpan(0, first.Length), _index.Lists.Count);
        var embedding = _embedding.AsSpan(0, query.Length);
        foreach (var candidate in second)
        {
            if (!_byEmbedding.Contains(candidate.Row))
            {
                _index.Embeddings.CopyEmbedding(candidate.Row, embedding);
                _selector.Add(_scales.Add(DotKernels.Dot(query, embedding), candidate.Score), candidate.Row);
            }
        }

        return _selector.CopyBest(_scores, _rows);
    }

    private void Reserve(int count)
    {
        if (_first.Length < count)
        {
            (_first, _second, _rows, _scores) = (new Candidate[count], new Candidate[count], new int[count], new float[count]);
        }
    }
}

using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Up to 64 queries being answered together on one thread: their vectors as the kernels want them, what each may not return, and the best
/// candidates of each so far. Reused: <see cref="Rent"/> and <see cref="Return"/> keep one a thread, so that a warm search allocates nothing.
/// </summary>
internal sealed class QueryBlock
{
    /// <summary>Queries a block holds: enough that a panel is read from memory once for many of them.</summary>
    public const int Capacity = 64;

    // Rented blocks whose buffers grew beyond this are dropped, so that one huge k does not hold memory for good.
    private const int MaxKeptCandidates = 1 << 16;

    [ThreadStatic]
    private static QueryBlock? t_idle;

    private readonly TopSelector?[] _selectors = new TopSelector?[Capacity];
    private readonly RowSet?[] _excluded = new RowSet?[Capacity];
    private readonly float[] _thresholds = GC.AllocateArray<float>(Capacity, pinned: true);
    private float[] _vectors = [];
    private float[] _scores = [];
    private int[] _rows = [];
    private int _itemCount;
    private int _dimension;
    private int _candidates;
    private bool _unitLength;

    /// <summary>Queries in the block.</summary>
    public int Count { get; private set; }

    /// <summary>[Count, D], pinned.</summary>
    public Span<float> Vectors => _vectors.AsSpan(0, Count * _dimension);

    /// <summary>[Count], pinned: only greater scores can still enter a query's candidates.</summary>
    public Span<float> Thresholds => _thresholds.AsSpan(0, Count);

    /// <summary>An empty block for searching so many candidates a query.</summary>
    public static QueryBlock Rent(int itemCount, int dimension, ScoreFunction scoreFunction, int candidates)
    {
        // Taken out of the slot while in use: a source of embeddings that itself searches on this thread gets another block.
        var block = t_idle ?? new QueryBlock();
        t_idle = null;
        block.Count = 0;
        block._itemCount = itemCount;
        block._dimension = dimension;
        block._candidates = Math.Min(candidates, itemCount);
        block._unitLength = scoreFunction == ScoreFunction.Cosine;
        return block;
    }

    /// <summary>Gives the block back; without it (after an exception) the next search makes a new one.</summary>
    public void Return()
    {
        if (_candidates <= MaxKeptCandidates)
        {
            t_idle = this;
        }
    }

    /// <summary>Adds a query.</summary>
    /// <param name="query">[D].</param>
    /// <param name="number">Its number in the batch, or −1, for messages.</param>
    /// <param name="excludedRows">Rows it may not return.</param>
    public void Add(ReadOnlySpan<float> query, int number, ReadOnlySpan<int> excludedRows)
    {
        var squaredLength = EmbeddingLength.SquaredOfQuery(query);
        EmbeddingLength.Check(query, squaredLength, "Query", number, nameof(query));
        (_excluded[Count] ??= new RowSet()).Replace(excludedRows, _itemCount);
        if (_candidates > 0)
        {
            (_selectors[Count] ??= new TopSelector(_candidates)).Restart(_candidates);
        }

        _thresholds[Count] = float.NegativeInfinity;
        Reserve((Count + 1) * _dimension);
        Count++;
        var vector = Vectors[((Count - 1) * _dimension)..];
        query.CopyTo(vector);
        if (_unitLength)
        {
            EmbeddingLength.Scale(vector, EmbeddingLength.Inverse(squaredLength));
        }
    }

    /// <summary>Offers the rows whose bits are set, unless the query excludes them.</summary>
    /// <param name="query">Position of the query in the block.</param>
    /// <param name="hits">One bit a row of a panel.</param>
    /// <param name="scores">Scores of the panel.</param>
    /// <param name="firstRow">Row number of the panel's first row.</param>
    public void Offer(int query, ulong hits, ReadOnlySpan<float> scores, int firstRow)
    {
        var selector = _selectors[query]!;
        var excluded = _excluded[query]!;
        for (; hits != 0; hits &= hits - 1)
        {
            var row = BitOperations.TrailingZeroCount(hits);
            if (!excluded.Contains(firstRow + row))
            {
                selector.Add(scores[row], firstRow + row);
            }
        }

        _thresholds[query] = selector.Threshold;
    }

    /// <summary>Writes the best candidates of a query, best first.</summary>
    /// <returns>How many there are.</returns>
    public int CopyBest(int query, Span<Candidate> results)
    {
        if (_candidates == 0)
        {
            return 0;
        }

        if (_scores.Length < _candidates)
        {
            _scores = new float[_candidates];
            _rows = new int[_candidates];
        }

        var count = _selectors[query]!.CopyBest(_scores, _rows);
        for (var i = 0; i < count; i++)
        {
            results[i] = new Candidate(_rows[i], _scores[i]);
        }

        return count;
    }

    private void Reserve(int length)
    {
        if (_vectors.Length < length)
        {
            var longer = GC.AllocateUninitializedArray<float>(Math.Max(length, Math.Min(Capacity * _dimension, 2 * length)), pinned: true);
            Vectors.CopyTo(longer);
            _vectors = longer;
        }
    }
}

using System.Buffers;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>What the index found for each query of a call, and what the ranker made of it, in pooled memory. Give it back by disposing.</summary>
internal sealed class CandidateLists : IDisposable
{
    private const int LongestKept = 4096;

    // One is kept a thread: a warm request allocates nothing here.
    [ThreadStatic]
    private static CandidateLists? _idle;

    private Candidate[] _candidates = [];
    private int[] _counts = [];
    private float[] _scores = [];

    private CandidateLists()
    {
    }

    /// <summary>Number of queries.</summary>
    public int QueryCount { get; private set; }

    /// <summary>Room for candidates a query.</summary>
    public int Width { get; private set; }

    /// <summary>Shape [queries, width].</summary>
    public Span<Candidate> Candidates => _candidates.AsSpan(0, QueryCount * Width);

    /// <summary>How many candidates each query has.</summary>
    public Span<int> Counts => _counts.AsSpan(0, QueryCount);

    public static CandidateLists Rent(int queries, int width)
    {
        var lists = _idle ?? new CandidateLists();
        _idle = null;
        (lists.QueryCount, lists.Width) = (queries, width);
        var length = checked(queries * width);
        if (lists._candidates.Length < length)
        {
            ArrayPool<Candidate>.Shared.Return(lists._candidates);
            ArrayPool<float>.Shared.Return(lists._scores);
            lists._candidates = ArrayPool<Candidate>.Shared.Rent(length);
            lists._scores = ArrayPool<float>.Shared.Rent(length);
        }

        if (lists._counts.Length < queries)
        {
            lists._counts = new int[queries];
        }

        return lists;
    }

    /// <summary>Where the candidates of a query go.</summary>
    public Span<Candidate> RoomOf(int query) => _candidates.AsSpan(query * Width, Width);

    /// <summary>The candidates of a query, as retrieved, best first.</summary>
    public Span<Candidate> Of(int query) => _candidates.AsSpan(query * Width, _counts[query]);

    /// <summary>The ranker's scores of the candidates of a query.</summary>
    public Span<float> ScoresOf(int query) => _scores.AsSpan(query * Width, _counts[query]);

    public void Dispose()
    {
        if (_candidates.Length > LongestKept)
        {
            ArrayPool<Candidate>.Shared.Return(_candidates);
            ArrayPool<float>.Shared.Return(_scores);
            (_candidates, _scores) = ([], []);
        }

        _idle = this;
    }
}

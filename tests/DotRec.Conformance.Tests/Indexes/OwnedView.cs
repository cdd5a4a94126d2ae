using DotRec.Indexing;

namespace DotRec.Conformance.Tests;

/// <summary>The view of a live index at the moment it is asked for, as an index that owns everything.</summary>
internal sealed class OwnedView(LiveIndex live) : IItemIndex
{
    private readonly IItemIndex _view = live.Current;

    public int Count => _view.Count;

    public int Dimension => _view.Dimension;

    public ScoreFunction ScoreFunction => _view.ScoreFunction;

    public bool IsExact => _view.IsExact;

    public ItemIds Ids => _view.Ids;

    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default) =>
        _view.Search(query, results, filter, excludedRows);

    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null) =>
        _view.SearchBatch(queries, k, results, counts, filter, excludedRows);

    public void Save(string path) => _view.Save(path);

    public void CopyEmbedding(int row, Span<float> destination) => _view.CopyEmbedding(row, destination);

    public void Dispose() => live.Dispose();
}

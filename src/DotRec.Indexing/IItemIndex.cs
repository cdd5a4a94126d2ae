namespace DotRec.Indexing;

/// <summary>
/// Item embeddings that can be searched. Every member is safe to call from any number of threads at the same time; an index never changes.
/// Disposing gives its memory or mapped file back once the searches in flight have ended (an index that is never disposed gives it back when
/// it is collected); later calls throw <see cref="ObjectDisposedException"/>.
/// </summary>
public interface IItemIndex : IDisposable
{
    /// <summary>Number of items, N.</summary>
    int Count { get; }

    /// <summary>Embedding width, D.</summary>
    int Dimension { get; }

    /// <summary>How scores are made.</summary>
    ScoreFunction ScoreFunction { get; }

    /// <summary>True when a search always returns the items with the best scores.</summary>
    bool IsExact { get; }

    /// <summary>Ids by row.</summary>
    ItemIds Ids { get; }

    /// <summary>Finds the items that score highest against one query.</summary>
    /// <param name="query">Shape [D].</param>
    /// <param name="results">Receives at most results.Length candidates (that length is k), best first; equal scores ordered by row.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">Rows that may not be returned; any order, repeats allowed; −1 is ignored (an id the index does not hold).</param>
    /// <returns>How many candidates were written: fewer than k when fewer are allowed. Never padded.</returns>
    /// <exception cref="ArgumentException">The query has another width, or holds NaN or infinity; the filter covers another item count.</exception>
    int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default);

    /// <summary>Finds the best items for many queries at once; the same answers as one <see cref="Search"/> a query, faster.</summary>
    /// <param name="queries">Shape [Q, D].</param>
    /// <param name="k">Candidates a query, at least 1.</param>
    /// <param name="results">Shape [Q, k]: row q holds counts[q] candidates, best first.</param>
    /// <param name="counts">Shape [Q]: candidates found for each query.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">One array of rows a query that may not be returned, or null.</param>
    void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null);

    /// <summary>
    /// Writes the index to one file that <see cref="ItemIndex.Open"/> reads back to the same answers, bit for bit. The file appears whole or not
    /// at all: it is written beside its place, flushed, and renamed over what was there.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Save(string path);

    /// <summary>Copies the embedding of a row, as it was given, to <paramref name="destination"/>, shape [D].</summary>
    void CopyEmbedding(int row, Span<float> destination);
}

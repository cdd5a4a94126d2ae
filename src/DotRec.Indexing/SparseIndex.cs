namespace DotRec.Indexing;

/// <summary>
/// Exact search over sparse vectors by an inverted index: for each dimension the list of items that have it. A search reads the lists of the query's
/// dimensions only, so a query of a few dimensions costs microseconds whatever the number of items. Scores are inner products, plus a prior of the item
/// where there is one.
/// </summary>
/// <remarks>
/// What item-to-item models are served from: the query is what somebody had, a dimension an item of it, and the list of the dimension what that item leads
/// to. Items that no list leads to follow in the order of their priors. Equal scores are ordered by row. Memory: 8 bytes a weight and 8 an item; while it
/// searches, 12 bytes an item on each thread. A warm single search allocates nothing and runs on the calling thread.
/// </remarks>
public sealed class SparseIndex : IItemIndex
{
    internal SparseIndex(SparseLists lists, ItemIds ids) => (Lists, Ids) = (lists, ids);

    /// <inheritdoc/>
    public int Count => Lists.ItemCount;

    /// <summary>Number of dimensions, D: lists.</summary>
    public int Dimension => Lists.Dimension;

    /// <summary>Always <see cref="ScoreFunction.Dot"/>.</summary>
    public ScoreFunction ScoreFunction => ScoreFunction.Dot;

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public ItemIds Ids { get; }

    /// <summary>Number of weights.</summary>
    public long WeightCount => Lists.Rows.Length;

    internal SparseLists Lists { get; }

    /// <summary>Builds an index of lists; they are copied.</summary>
    /// <param name="offsets">Shape [D + 1]: the list of dimension d is entries offsets[d] … offsets[d + 1] − 1.</param>
    /// <param name="rows">The item of each entry, a row from 0 to N − 1; rising within a list.</param>
    /// <param name="weights">The weight of each entry, finite.</param>
    /// <param name="ids">The items' ids, N.</param>
    /// <param name="priors">Shape [N]: what each item has before any query, finite; empty for 0.</param>
    /// <exception cref="ArgumentException">The lists do not fit together, a row is out of range or out of order, or a number is not finite.</exception>
    public static SparseIndex Build(ReadOnlySpan<int> offsets, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, ItemIds ids, ReadOnlySpan<float> priors = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new SparseIndex(SparseLists.Of(offsets, rows, weights, ids.Count, priors), ids);
    }

    /// <summary>Builds an index of embeddings of which most components are 0.</summary>
    /// <param name="embeddings">Shape [N, D], finite.</param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <param name="ids">The items' ids; null for row numbers.</param>
    /// <exception cref="ArgumentException">The embeddings are not D values an id, or a row holds NaN or infinity or is too long.</exception>
    public static SparseIndex Build(ReadOnlySpan<float> embeddings, int dimension, ItemIds? ids = null)
    {
        var count = BuildArguments.CountOf(embeddings, dimension, ScoreFunction.Dot);
        if (ids is not null && ids.Count != count)
        {
            throw new ArgumentException($"There are {ids.Count} ids and {count} embeddings; every item needs one of each.", nameof(ids));
        }

        for (var row = 0; row < count; row++)
        {
            var embedding = embeddings.Slice(row * dimension, dimension);
            EmbeddingLength.Check(embedding, EmbeddingLength.SquaredOfQuery(embedding), "Row", row, nameof(embeddings));
        }

        var offsets = new int[dimension + 1];
        var (rows, weights) = (new List<int>(), new List<float>());
        for (var d = 0; d < dimension; d++)
        {
            for (var row = 0; row < count; row++)
            {
                if (embeddings[(row * dimension) + d] is not 0 and var weight)
                {
                    rows.Add(row);
                    weights.Add(weight);
                }
            }

            offsets[d + 1] = rows.Count;
        }

        return Build(offsets, rows.ToArray(), weights.ToArray(), ids ?? ItemIds.Range(count));
    }

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(this, query, filter);
        EmbeddingLength.Check(query, EmbeddingLength.SquaredOfQuery(query), "Query", -1, nameof(query));
        using var hold = Lists.Rows.Memory.Hold();
        var search = SparseSearch.Rent(Lists, excludedRows);
        for (var d = 0; d < query.Length; d++)
        {
            if (query[d] != 0)
            {
                search.Add(d, query[d]);
            }
        }

        return search.Finish(results, filter);
    }

    /// <summary>Finds the items that score highest against a sparse query.</summary>
    /// <param name="dimensions">The dimensions of the query that are not 0, in any order; the weights of repeated ones add up. Those below 0 are left out.</param>
    /// <param name="weights">The weight of each, finite.</param>
    /// <param name="results">Receives at most results.Length candidates (that length is k), best first; equal scores ordered by row.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">Rows that may not be returned; any order, repeats allowed; −1 is ignored.</param>
    /// <returns>How many candidates were written: fewer than k when fewer are allowed. Never padded.</returns>
    /// <exception cref="ArgumentException">There are more or fewer weights than dimensions, a dimension is D or more, or a weight is not finite.</exception>
    public int Search(
        ReadOnlySpan<int> dimensions, ReadOnlySpan<float> weights, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        CheckQuery(dimensions, weights);
        SearchArguments.CheckFilter(this, filter);
        using var hold = Lists.Rows.Memory.Hold();
        var search = SparseSearch.Rent(Lists, excludedRows);
        search.Add(dimensions, weights);
        return search.Finish(results, filter);
    }

    /// <inheritdoc/>
    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, filter, excludedRows);
        for (var query = 0; query < queryCount; query++)
        {
            EmbeddingLength.Check(queries.Slice(query * Dimension, Dimension), EmbeddingLength.SquaredOfQuery(queries.Slice(query * Dimension, Dimension)), "Query", query, nameof(queries));
        }

        for (var query = 0; query < queryCount; query++)
        {
            counts[query] = Search(
                queries.Slice(query * Dimension, Dimension), results.Slice(query * k, k), filter, excludedRows is null ? default : excludedRows[query].AsSpan());
        }
    }

    /// <inheritdoc/>
    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        using var hold = Lists.Rows.Memory.Hold();
        for (var d = 0; d < Dimension; d++)
        {
            var rows = Lists.Of(d, out var weights);
            destination[d] = rows.BinarySearch(row) is >= 0 and var at ? weights[at] : 0;
        }
    }

    /// <inheritdoc/>
    public void Save(string path)
    {
        using var hold = Lists.Rows.Memory.Hold();
        SparseFile.Write(path, this);
    }

    /// <inheritdoc/>
    public void Dispose() => Lists.Dispose();

    /// <exception cref="ArgumentException">There are more or fewer weights than dimensions, a dimension is D or more, or a weight is not finite.</exception>
    internal void CheckQuery(ReadOnlySpan<int> dimensions, ReadOnlySpan<float> weights)
    {
        if (dimensions.Length != weights.Length)
        {
            throw new ArgumentException($"The query has {dimensions.Length} dimensions and {weights.Length} weights; a dimension has one.", nameof(weights));
        }

        EmbeddingLength.Check(weights, EmbeddingLength.SquaredOfQuery(weights), "Query", -1, nameof(weights));
        foreach (var dimension in dimensions)
        {
            if (dimension >= Dimension)
            {
                throw new ArgumentException($"The query has dimension {dimension}; the index has {Dimension}, numbered from 0.", nameof(dimensions));
            }
        }
    }
}

namespace DotRec.Indexing;

/// <summary>
/// Two indexes of the same items searched as one: embeddings and sparse lists. An item's score is the sum of both, each brought to mean 0 and deviation 1 over all items
/// for this query first, since they are of different scales; the lists count by <see cref="Weight"/>. Models of different kinds err differently, so that the sum is better than either.
/// </summary>
/// <remarks>
/// <para>
/// Search reads the best of each index, scores both sets by both, and goes deeper until nothing further down can be among the best (Fagin's threshold algorithm), so that the answer
/// is that of scoring all items where <see cref="IsExact"/>; with approximate embeddings it reads once. Mean and deviation of the embeddings' scores follow from the mean and the
/// covariance of the embeddings, computed once; those of the lists' from what a search adds up.
/// </para>
/// <para>Does not own the two indexes: whoever made them disposes them, afterwards. Safe for any number of threads.</para>
/// </remarks>
public sealed class BlendedIndex
{
    private readonly EmbeddingMoments _moments;
    private readonly Lazy<(double Sum, double Squares)> _priors;

    /// <summary>Blends two indexes. Costs N·D² additions for the covariance of the embeddings.</summary>
    /// <param name="embeddings">Scored by inner products.</param>
    /// <param name="lists">Of the same items, in the same rows.</param>
    /// <param name="weight">What the lists count beside the embeddings, at least 0.</param>
    /// <exception cref="ArgumentException">The indexes are of different items, or the embeddings are compared otherwise than by inner products.</exception>
    public BlendedIndex(IItemIndex embeddings, SparseIndex lists, double weight)
        : this(embeddings, lists, weight, moments: null)
    {
    }

    internal BlendedIndex(IItemIndex embeddings, SparseIndex lists, double weight, EmbeddingMoments? moments)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(lists);
        if (!(weight >= 0) || !double.IsFinite(weight))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight is at least 0.");
        }

        if (embeddings.ScoreFunction != ScoreFunction.Dot)
        {
            throw new ArgumentException($"The embeddings are compared by {embeddings.ScoreFunction}; only inner products ({ScoreFunction.Dot}) can be blended.", nameof(embeddings));
        }

        CheckItems(embeddings.Ids, lists.Ids);
        (Embeddings, Lists, Weight) = (embeddings, lists, weight);
        _moments = moments ?? EmbeddingMoments.Of(embeddings);
        _priors = new Lazy<(double, double)>(() => SumsOfPriors(lists));
    }

    /// <summary>The embeddings.</summary>
    public IItemIndex Embeddings { get; }

    /// <summary>The lists.</summary>
    public SparseIndex Lists { get; }

    /// <summary>What the lists count beside the embeddings.</summary>
    public double Weight { get; }

    /// <summary>True when a search always returns the items with the best scores.</summary>
    public bool IsExact => Embeddings.IsExact;

    internal EmbeddingMoments Moments => _moments;

    /// <summary>Finds the items that score highest.</summary>
    /// <param name="query">Shape [D] of the embeddings; zeros where it says nothing.</param>
    /// <param name="dimensions">The lists of the query, in any order; the weights of repeated ones add up. Those below 0 are left out.</param>
    /// <param name="weights">The weight of each, finite.</param>
    /// <param name="results">Receives at most results.Length candidates (that length is k), best first; equal scores ordered by row.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">Rows that may not be returned; any order, repeats allowed; −1 is ignored.</param>
    /// <returns>How many candidates were written: fewer than k when fewer are allowed. Never padded.</returns>
    /// <exception cref="ArgumentException">The query has another width, holds NaN or infinity, or names a list that there is not.</exception>
    public int Search(
        ReadOnlySpan<float> query, ReadOnlySpan<int> dimensions, ReadOnlySpan<float> weights, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(Embeddings, query, filter);
        Lists.CheckQuery(dimensions, weights);
        if (results.IsEmpty)
        {
            return 0;
        }

        using var hold = Lists.Lists.Rows.Memory.Hold();
        var lists = SparseSearch.Rent(Lists.Lists, excludedRows);
        lists.Add(dimensions, weights);
        var search = BlendedSearch.Rent(this, Scales(query, lists));
        try
        {
            return search.Run(query, lists, results, filter, excludedRows);
        }
        finally
        {
            search.Return();
            lists.Return();
        }
    }

    // What a score of each index is multiplied by, and what is taken off their sum. An index whose scores are all the same says nothing.
    private BlendScales Scales(ReadOnlySpan<float> query, SparseSearch lists)
    {
        var (mean, deviation) = _moments.OfScores(query);
        var (sum, squares) = _priors.Value;
        foreach (var row in lists.Touched)
        {
            double score = lists.ScoreOf(row), prior = Lists.Lists.PriorOf(row);
            (sum, squares) = (sum + score - prior, squares + (score * score) - (prior * prior));
        }

        var listMean = sum / Lists.Count;
        var listDeviation = Math.Sqrt(Math.Max(0, (squares / Lists.Count) - (listMean * listMean)));
        var (first, second) = (deviation > 0 ? 1 / deviation : 0, listDeviation > 0 ? Weight / listDeviation : 0);
        return new BlendScales(first, second, (first * mean) + (second * listMean));
    }

    private static (double Sum, double Squares) SumsOfPriors(SparseIndex lists)
    {
        double sum = 0, squares = 0;
        for (var row = 0; row < lists.Count && lists.Lists.Priors.Length > 0; row++)
        {
            double prior = lists.Lists.PriorOf(row);
            (sum, squares) = (sum + prior, squares + (prior * prior));
        }

        return (sum, squares);
    }

    // All ids would be millions of texts to read whenever a file is opened: some tell mistakes of people, and files have checksums.
    private static void CheckItems(ItemIds embeddings, ItemIds lists)
    {
        const int Samples = 64;
        if (embeddings.Count != lists.Count)
        {
            throw new ArgumentException($"There are {embeddings.Count} embeddings and lists of {lists.Count} items; both indexes are to hold the same items.", nameof(lists));
        }

        for (var i = 0; i < Samples && embeddings.Count > 0; i++)
        {
            var row = (int)((long)i * (embeddings.Count - 1) / (Samples - 1));
            if (embeddings[row] != lists[row])
            {
                throw new ArgumentException($"Row {row} is item '{embeddings[row]}' of the embeddings and item '{lists[row]}' of the lists; both indexes are to hold the same items in the same rows.", nameof(lists));
            }
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>A query as <see cref="RefiningRows"/> score it, and the choice of the candidates that are worth their whole rows. Reused.</summary>
internal sealed class RefiningQuery
{
    /// <summary>Candidates that are looked at for each one whose whole row is worth reading.</summary>
    public const int CandidatesARow = 4;

    private PinnedBuffer<short> _vector;
    private PinnedBuffer<float> _scores;
    private PinnedBuffer<int> _ordered;
    private float _value;
    private int _length;

    /// <summary>Takes in the coded form of a query.</summary>
    /// <param name="coded">[c and what a lift adds].</param>
    /// <param name="dimension">c.</param>
    public void Begin(ReadOnlySpan<float> coded, int dimension)
    {
        _length = RefiningRows.Padded(dimension);
        _vector.Reserve(_length);
        var vector = _vector.Span(_length);
        var square = EmbeddingLength.SquaredOfQuery(coded[..dimension]);
        var factor = (float)EmbeddingLength.Inverse(square);
        for (var i = 0; i < dimension; i++)
        {
            vector[i] = (short)MathF.Round(coded[i] * factor * ShortProducts.One);
        }

        vector[dimension..].Clear();

        // What is spread over equal components adds up again to the product of the two values.
        var width = coded.Length - dimension;
        _value = width > 0 ? coded[dimension] * MathF.Sqrt(width) * factor : 0;
    }

    /// <summary>Scores candidates by projected rows.</summary>
    public void Score(RefiningRows rows, ReadOnlySpan<int> candidates, Span<float> scores) => rows.Score(_vector.Span(_length), _value, candidates, scores);

    /// <summary>Keeps the best of some candidates, in their order.</summary>
    /// <param name="items">The rows that tell of the first candidates.</param>
    /// <param name="added">The rows that tell of the others, or null where there are none.</param>
    /// <param name="candidates">Positions in the two; those kept come to the front.</param>
    /// <param name="inItems">How many of the candidates are in the first; of those kept, when it returns.</param>
    /// <param name="count">How many to keep, at least 1. More are where the last ones score alike.</param>
    /// <returns>How many were kept.</returns>
    public int Choose(RefiningRows items, RefiningRows? added, Span<int> candidates, ref int inItems, int count)
    {
        if (candidates.Length <= count)
        {
            return candidates.Length;
        }

        _scores.Reserve(candidates.Length);
        _ordered.Reserve(candidates.Length);
        var scores = _scores.Span(candidates.Length);
        var ordered = _ordered.Span(candidates.Length);
        Score(items, candidates[..inItems], scores);
        if (inItems < candidates.Length)
        {
            Score(added!, candidates[inItems..], scores[inItems..]);
        }

        RankSelection.Order(scores, ordered);
        var min = RankSelection.Threshold(ordered, count);

        // Without branches: which candidates are good is as good as random.
        var (kept, keptInItems) = (0, 0);
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[kept] = candidates[i];
            kept += ordered[i] >= min ? 1 : 0;
            keptInItems = i < inItems ? kept : keptInItems;
        }

        inItems = keptInItems;
        return kept;
    }
}

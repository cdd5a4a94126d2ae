namespace DotRec.Indexing;

/// <summary>
/// The form in which items are partitioned and coded and queries are scored against them: cosines take items at length 1; distances move them to
/// their middle; a projection leaves their first principal components; and distances add components (<see cref="L2Lift"/>). The inner product of
/// the two forms of a query and an item ranks items as the score function does, but for what a projection leaves out.
/// </summary>
/// <param name="ScoreFunction">How scores are made.</param>
/// <param name="SourceDimension">D.</param>
/// <param name="Projection">To c components, or null where all D are coded.</param>
/// <param name="Lift">For distances, else null.</param>
/// <param name="Factor">What items are multiplied by while an index is built: a power of two, 1 for cosines.</param>
internal sealed record CodedForm(ScoreFunction ScoreFunction, int SourceDimension, Projection? Projection, L2Lift? Lift, double Factor = 1)
{
    // Up to this width the codewords of cosines are chosen for queries that are near the items: the nearest are very near there.
    private const int NarrowDimension = 4;

    /// <summary>What a projection leaves out of an item, squared, on average; known while an index is built.</summary>
    public double LeftOut { get; init; }

    /// <summary>The width in which items are partitioned: D or c, without what a lift adds, for distances are those of the items themselves.</summary>
    public int PlainDimension => Projection?.Dimension ?? SourceDimension;

    /// <summary>The coded width: that and what a lift adds.</summary>
    public int Dimension => PlainDimension + (Lift?.Width ?? 0);

    /// <summary>Whether the queries for which an item matters are nearer to it than its centroid is.</summary>
    public bool HasNearQueries => Lift is not null || (ScoreFunction == ScoreFunction.Cosine && PlainDimension <= NarrowDimension);

    /// <summary>Writes an item in its coded form.</summary>
    /// <param name="item">[D].</param>
    /// <param name="destination">[<see cref="Dimension"/>], written.</param>
    public void OfItem(ReadOnlySpan<float> item, Span<float> destination)
    {
        var square = Plain(item, destination[..PlainDimension]);
        if (Lift is { } lift)
        {
            lift.FillItem(square, destination[PlainDimension..]);
            EmbeddingLength.Scale(destination[PlainDimension..], Factor);
        }
    }

    /// <summary>Writes an item in the form it is partitioned in.</summary>
    /// <param name="item">[D].</param>
    /// <param name="destination">[<see cref="PlainDimension"/>], written.</param>
    /// <returns>For distances, the squared distance from the items' middle.</returns>
    public double Plain(ReadOnlySpan<float> item, Span<float> destination)
    {
        if (Projection is null)
        {
            return Move(item, destination);
        }

        Span<float> moved = stackalloc float[SourceDimension];
        var square = Move(item, moved, scale: false);
        Projection.Apply(moved, square, ScoreFunction == ScoreFunction.Cosine ? EmbeddingLength.Inverse(square) : Factor, destination);
        return square;
    }

    /// <summary>Writes an item as it is before it is projected.</summary>
    /// <param name="item">[D].</param>
    /// <param name="destination">[D], written.</param>
    /// <param name="scale">Whether it is brought to length 1 or multiplied by <see cref="Factor"/>.</param>
    /// <returns>The squared length of what <paramref name="destination"/> was before it was scaled; 0 where nobody needs it.</returns>
    public double Move(ReadOnlySpan<float> item, Span<float> destination, bool scale = true)
    {
        if (Lift is { } lift)
        {
            lift.Shift(item, destination);
        }
        else
        {
            item.CopyTo(destination);
        }

        // Inner products need no length unless they are projected.
        var square = ScoreFunction == ScoreFunction.Dot && Projection is null ? 0 : EmbeddingLength.Squared(destination[..item.Length]);
        if (scale)
        {
            EmbeddingLength.Scale(destination[..item.Length], ScoreFunction == ScoreFunction.Cosine ? EmbeddingLength.Inverse(square) : Factor);
        }

        return square;
    }

    /// <summary>The added value of a lifted item, before it is spread over components; 0 but for distances.</summary>
    /// <param name="square">The item's squared distance from the items' middle.</param>
    public float LiftValue(double square) => Lift is { } lift ? (float)(lift.ItemValue(square) * Factor) : 0;

    /// <summary>Writes what the lift adds to a point in the form items are partitioned in.</summary>
    /// <param name="plain">The point.</param>
    /// <param name="added">Written.</param>
    public void FillLift(ReadOnlySpan<float> plain, Span<float> added)
    {
        Lift!.FillItem((EmbeddingLength.Squared(plain) / (Factor * Factor)) + LeftOut, added);
        EmbeddingLength.Scale(added, Factor);
    }

    /// <summary>
    /// Turns a coded item into the direction that the queries for which it matters have: its own for inner products, for distances that of a query that
    /// lies where the item does.
    /// </summary>
    public void ToQuery(Span<float> coded)
    {
        if (Lift is { } lift)
        {
            lift.FillQuery(coded[PlainDimension..]);
            EmbeddingLength.Scale(coded[PlainDimension..], Factor);
        }
    }

    /// <summary>Writes a query in its coded form, at length 1: its own length would only change the unit of its scores.</summary>
    /// <param name="vector">[D].</param>
    /// <param name="squaredLength">Of the query.</param>
    /// <param name="destination">[<see cref="Dimension"/> or more], written; zeros behind the form.</param>
    /// <returns>What a score is multiplied by, and what is added, to be in the unit of the inner product of the two forms.</returns>
    public (double Unit, double Origin) OfQuery(ReadOnlySpan<float> vector, double squaredLength, Span<float> destination)
    {
        destination[PlainDimension..].Clear();
        if (Lift is not { } lift)
        {
            var factor = EmbeddingLength.InverseOfAny(squaredLength);
            if (Projection is null)
            {
                vector.CopyTo(destination);
                EmbeddingLength.Scale(destination[..PlainDimension], factor);
            }
            else
            {
                Projection.Apply(vector, squaredLength, factor, destination);
            }

            return (ScoreFunction == ScoreFunction.Cosine ? 1 : factor * Factor, 0);
        }

        var queryValue = (double)lift.QueryValue * lift.QueryValue;
        double inverse, moved;
        if (Projection is null)
        {
            var lifted = lift.LiftQuery(vector, destination);
            (inverse, moved) = (EmbeddingLength.InverseOfAny(lifted), lifted - queryValue);
            EmbeddingLength.Scale(destination, inverse);
        }
        else
        {
            Span<float> shifted = stackalloc float[SourceDimension];
            lift.Shift(vector, shifted);
            moved = EmbeddingLength.SquaredOfQuery(shifted);
            inverse = EmbeddingLength.InverseOfAny(moved + queryValue);
            Projection.Apply(shifted, moved, inverse, destination);
            var added = destination.Slice(PlainDimension, lift.Width);
            lift.FillQuery(added);
            EmbeddingLength.Scale(added, inverse);
        }

        // The inner product that stands for a distance: (c + |q − o|² − |q − x|²) / 2.
        return (0.5 * inverse * Factor, 0.5 * inverse * Factor * (lift.Center + moved));
    }
}

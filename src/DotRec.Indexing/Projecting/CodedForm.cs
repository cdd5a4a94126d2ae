namespace DotRec.Indexing;

/// <summary>
/// The form in which items are partitioned and coded and queries are scored against them: cosines take items at length 1; distances move them to
/// their middle and add components (<see cref="L2Lift"/>). The inner product of the two forms of a query and an item ranks items as the score
/// function does.
/// </summary>
/// <param name="ScoreFunction">How scores are made.</param>
/// <param name="SourceDimension">D.</param>
/// <param name="Lift">For distances, else null.</param>
/// <param name="Factor">What items are multiplied by while an index is built: a power of two, 1 for cosines.</param>
internal sealed record CodedForm(ScoreFunction ScoreFunction, int SourceDimension, L2Lift? Lift, double Factor = 1)
{
    // Up to this width the codewords of cosines are chosen for queries that are near the items: the nearest are very near there.
    private const int NarrowDimension = 4;

    /// <summary>The width in which items are partitioned: without what a lift adds, for distances are those of the items themselves.</summary>
    public int PlainDimension => SourceDimension;

    /// <summary>The coded width: that and what a lift adds.</summary>
    public int Dimension => PlainDimension + (Lift?.Width ?? 0);

    /// <summary>Whether the queries for which an item matters are nearer to it than its centroid is.</summary>
    public bool HasNearQueries => Lift is not null || (ScoreFunction == ScoreFunction.Cosine && PlainDimension <= NarrowDimension);

    /// <summary>Writes an item in its coded form.</summary>
    /// <param name="item">[D].</param>
    /// <param name="destination">[<see cref="Dimension"/>], written.</param>
    public void OfItem(ReadOnlySpan<float> item, Span<float> destination)
    {
        if (Lift is { } lift)
        {
            lift.LiftItem(item, destination);
            Scale(destination, Factor);
        }
        else
        {
            Plain(item, destination);
        }
    }

    /// <summary>Writes an item in the form it is partitioned in.</summary>
    /// <param name="item">[D].</param>
    /// <param name="destination">[<see cref="PlainDimension"/>], written.</param>
    public void Plain(ReadOnlySpan<float> item, Span<float> destination)
    {
        if (Lift is { } lift)
        {
            lift.Shift(item, destination);
        }
        else
        {
            item.CopyTo(destination);
        }

        Scale(destination, ScoreFunction == ScoreFunction.Cosine ? EmbeddingLength.Inverse(EmbeddingLength.Squared(item)) : Factor);
    }

    /// <summary>Writes what the lift adds to a point in the form items are partitioned in.</summary>
    /// <param name="plain">The point.</param>
    /// <param name="added">Written.</param>
    public void FillLift(ReadOnlySpan<float> plain, Span<float> added)
    {
        Lift!.FillItem(EmbeddingLength.Squared(plain) / (Factor * Factor), added);
        Scale(added, Factor);
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
            Scale(coded[PlainDimension..], Factor);
        }
    }

    /// <summary>Writes a query in its coded form, at length 1: its own length would only change the unit of its scores.</summary>
    /// <param name="vector">[D].</param>
    /// <param name="squaredLength">Of the query.</param>
    /// <param name="destination">[<see cref="Dimension"/> or more], written; zeros behind the form.</param>
    /// <returns>What a score is multiplied by, and what is added, to be in the unit of the inner product of the two forms.</returns>
    public (double Unit, double Origin) OfQuery(ReadOnlySpan<float> vector, double squaredLength, Span<float> destination)
    {
        destination.Clear();
        vector.CopyTo(destination);
        if (Lift is { } lift)
        {
            var lifted = lift.LiftQuery(vector, destination);
            var inverse = EmbeddingLength.InverseOfAny(lifted);
            Scale(destination, inverse);

            // The inner product that stands for a distance: (c + |q − o|² − |q − x|²) / 2.
            var moved = lifted - ((double)lift.QueryValue * lift.QueryValue);
            return (0.5 * inverse * Factor, 0.5 * inverse * Factor * (lift.Center + moved));
        }

        var factor = EmbeddingLength.InverseOfAny(squaredLength);
        Scale(destination, factor);
        return (ScoreFunction == ScoreFunction.Cosine ? 1 : factor * Factor, 0);
    }

    /// <summary>Multiplies a vector in double.</summary>
    public static void Scale(Span<float> vector, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        foreach (ref var value in vector)
        {
            value = (float)(value * factor);
        }
    }
}

namespace DotRec.Indexing;

/// <summary>
/// The exact reduction of nearest neighbours to inner products: with x' = [x, (c − |x|²) / 2s] and q' = [q, s],
/// ⟨q', x'⟩ = (c + |q|² − |q − x|²) / 2, so the greatest inner product is the least distance.
/// </summary>
/// <param name="Center">c, the mean squared length of the items.</param>
/// <param name="QueryValue">s, what a query carries in the added dimension.</param>
internal readonly record struct L2Lift(double Center, float QueryValue)
{
    // An outlier's coordinate can be far longer than any vector that can be scored. It only has to stay last, and is rescored if it does not.
    private const double GreatestValue = 1UL << 62;

    /// <summary>The added coordinate of an item.</summary>
    public float ItemValue(double squaredLength) => (float)Math.Clamp((Center - squaredLength) / (2.0 * QueryValue), -GreatestValue, GreatestValue);
}

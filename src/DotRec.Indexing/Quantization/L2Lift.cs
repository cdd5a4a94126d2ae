using System.Numerics.Tensors;

namespace DotRec.Indexing;

/// <summary>
/// The exact reduction of nearest neighbours to inner products: with y = x − o, x' = [y, (c − |y|²) / 2s] and q' = [q − o, s],
/// ⟨q', x'⟩ = (c + |q − o|² − |q − x|²) / 2, so the greatest inner product is the least distance. The added value is spread over several equal
/// components, for it needs more bits than the others: an error of it is met by s, not by what a query and an item differ in.
/// </summary>
internal sealed class L2Lift
{
    // An outlier's value can be far longer than any vector that can be scored. It only has to stay last, and is rescored if it does not.
    private const double MaxValue = 1UL << 62;

    /// <summary>Largest <see cref="Width"/>.</summary>
    public const int MaxWidth = 96;

    private readonly float[] _origin;
    private readonly double _share;

    /// <param name="center">c.</param>
    /// <param name="queryValue">s.</param>
    /// <param name="width">Components that the added value is spread over, 1 or more.</param>
    /// <param name="origin">o, [D]; empty for zeros.</param>
    public L2Lift(double center, float queryValue, int width = 1, float[]? origin = null)
    {
        Center = center;
        QueryValue = queryValue;
        Width = width;
        _origin = origin ?? [];
        _share = 1 / Math.Sqrt(width);
    }

    /// <summary>c, about the mean squared distance of the items from o.</summary>
    public double Center { get; }

    /// <summary>s: what a query carries beside its own components.</summary>
    public float QueryValue { get; }

    /// <summary>Components that are added.</summary>
    public int Width { get; }

    /// <summary>o, near the middle of the items: what is left of them is then no longer than it has to be. Empty for zeros.</summary>
    public ReadOnlySpan<float> Origin => _origin;

    /// <summary>The added value of an item.</summary>
    /// <param name="squaredLength">|y|².</param>
    public float ItemValue(double squaredLength) => (float)Math.Clamp((Center - squaredLength) / (2.0 * QueryValue), -MaxValue, MaxValue);

    /// <summary>Writes x', an item's coded form.</summary>
    /// <param name="item">x, [D].</param>
    /// <param name="lifted">[D + Width], written.</param>
    public void LiftItem(ReadOnlySpan<float> item, Span<float> lifted)
    {
        Shift(item, lifted);
        FillItem(EmbeddingLength.Squared(lifted[..item.Length]), lifted[item.Length..]);
    }

    /// <summary>Writes the components that an item's value is spread over.</summary>
    /// <param name="squaredLength">|y|².</param>
    /// <param name="added">[Width], written.</param>
    public void FillItem(double squaredLength, Span<float> added) => added.Fill((float)(ItemValue(squaredLength) * _share));

    /// <summary>Writes the components that a value is spread over.</summary>
    public void Spread(float value, Span<float> added) => added.Fill((float)(value * _share));

    /// <summary>The same lift over as many codewords of more components.</summary>
    /// <param name="blockWidth">Components a codeword.</param>
    public L2Lift InBlocksOf(int blockWidth) => new(Center, QueryValue, Width / QuantizedItems.MinBlockWidth * blockWidth, _origin);

    /// <summary>Writes the components that s is spread over.</summary>
    /// <param name="added">[Width], written.</param>
    public void FillQuery(Span<float> added) => added.Fill((float)(QueryValue * _share));

    /// <summary>Writes q', a query's coded form.</summary>
    /// <param name="query">q, [D].</param>
    /// <param name="lifted">[D + Width or more], written so far.</param>
    /// <returns>|q'|².</returns>
    public double LiftQuery(ReadOnlySpan<float> query, Span<float> lifted)
    {
        Shift(query, lifted);
        FillQuery(lifted.Slice(query.Length, Width));
        return EmbeddingLength.Squared(lifted[..(query.Length + Width)]);
    }

    /// <summary>Writes y = x − o.</summary>
    public void Shift(ReadOnlySpan<float> item, Span<float> shifted)
    {
        if (_origin.Length == 0)
        {
            item.CopyTo(shifted);
        }
        else
        {
            TensorPrimitives.Subtract(item, _origin, shifted);
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// An orthogonal projection of embeddings to c dimensions, their first principal components: y = W·x. What is left out is what items differ in
/// least, so that inner products of projections are nearly those of the embeddings. Items and queries are projected by the same W, whose
/// components have 8 bits: that is a thirtieth of what the codes lose, and a query reads all of W.
/// </summary>
/// <param name="rows">W, [c, D], orthonormal rows.</param>
internal sealed unsafe class Projection(BytePanels rows)
{
    /// <summary>Largest D: learning W takes D² values, and projecting a vector some on the stack.</summary>
    public const int MaxSourceDimension = 1 << 13;

    /// <summary>c.</summary>
    public int Dimension => rows.Count;

    /// <summary>D.</summary>
    public int SourceDimension => rows.Dimension;

    /// <summary>W.</summary>
    public BytePanels Rows => rows;

    /// <summary>Rounds W, [c, D].</summary>
    public static Projection Pack(ReadOnlySpan<float> rows, int sourceDimension) => new(BytePanels.Pack(rows, sourceDimension));

    /// <summary>Projects a vector rounded to 16 bits: the same bits on every processor. Runs on one thread.</summary>
    /// <param name="vector">[D].</param>
    /// <param name="squaredLength">Of the vector.</param>
    /// <param name="factor">What the projection is multiplied by.</param>
    /// <param name="destination">[c], written.</param>
    public void Apply(ReadOnlySpan<float> vector, double squaredLength, double factor, Span<float> destination)
    {
        var rounded = stackalloc short[rows.VectorLength];
        rows.Round(vector, EmbeddingLength.InverseOfAny(squaredLength), rounded);
        rows.Multiply(rounded, (float)(factor * Math.Sqrt(squaredLength) / ShortProducts.One), destination[..Dimension]);
    }
}

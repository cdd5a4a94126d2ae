using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// An orthogonal projection of embeddings to c dimensions, their first principal components: y = W·x. What is left out is what items differ in
/// least, so that inner products of projections are nearly those of the embeddings. Items and queries are projected by the same W, whose
/// components have 8 bits: that is a thirtieth of what the codes lose, and a query reads all of W.
/// </summary>
/// <param name="values">
/// W, [c, D], in panels of 16 rows: the step of each row, 16 float32, then their components in steps (<see cref="ShortProducts"/>).
/// </param>
/// <param name="dimension">c.</param>
/// <param name="sourceDimension">D.</param>
internal sealed unsafe class Projection(Section<sbyte> values, int dimension, int sourceDimension)
{
    /// <summary>Greatest D: learning W takes D² values, and projecting a vector some on the stack.</summary>
    public const int GreatestSourceDimension = 1 << 13;

    private const int HeadBytes = ShortProducts.Rows * sizeof(float);

    /// <summary>c.</summary>
    public int Dimension => dimension;

    /// <summary>D.</summary>
    public int SourceDimension => sourceDimension;

    public Section<sbyte> Values => values;

    /// <summary>Bytes of the panels.</summary>
    public static long Length(int dimension, int sourceDimension) => (long)PanelCount(dimension) * PanelBytes(sourceDimension);

    /// <summary>Rounds and arranges W, [c, D].</summary>
    public static Projection Pack(ReadOnlySpan<float> rows, int sourceDimension)
    {
        var dimension = rows.Length / sourceDimension;
        var values = AllocatedMemory.New<sbyte>(Length(dimension, sourceDimension));
        for (var panel = 0; panel < PanelCount(dimension); panel++)
        {
            var first = panel * ShortProducts.Rows * sourceDimension;
            PackPanel(
                rows.Slice(first, Math.Min(ShortProducts.Rows * sourceDimension, rows.Length - first)),
                sourceDimension,
                values.Span((long)panel * PanelBytes(sourceDimension), PanelBytes(sourceDimension)));
        }

        return new Projection(values, dimension, sourceDimension);
    }

    /// <summary>The same projection in other memory.</summary>
    public Projection CopyTo(Section<sbyte> target)
    {
        for (var panel = 0; panel < PanelCount(dimension); panel++)
        {
            var at = (long)panel * PanelBytes(sourceDimension);
            values.Span(at, PanelBytes(sourceDimension)).CopyTo(target.Span(at, PanelBytes(sourceDimension)));
        }

        return new Projection(target, dimension, sourceDimension);
    }

    /// <summary>The greatest step of a row by magnitude; NaN where one is.</summary>
    public float GreatestStep()
    {
        var greatest = 0f;
        for (var panel = 0; panel < PanelCount(dimension); panel++)
        {
            var steps = MemoryMarshal.Cast<sbyte, float>(values.Span((long)panel * PanelBytes(sourceDimension), HeadBytes));
            greatest = Math.Max(greatest, Math.Abs(TensorPrimitives.MaxMagnitude<float>(steps)));
        }

        return greatest;
    }

    /// <summary>W, [c, D].</summary>
    public float[] ToRows()
    {
        var rows = new float[dimension * sourceDimension];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, component) = (i / sourceDimension % ShortProducts.Rows, i % sourceDimension);
            var panel = values.Span((long)(i / sourceDimension / ShortProducts.Rows) * PanelBytes(sourceDimension), PanelBytes(sourceDimension));
            rows[i] = panel[HeadBytes + ShortProducts.Place(row, component)] * MemoryMarshal.Cast<sbyte, float>(panel[..HeadBytes])[row];
        }

        return rows;
    }

    /// <summary>Projects a vector rounded to 16 bits: the same bits on every processor. Runs on one thread.</summary>
    /// <param name="vector">[D].</param>
    /// <param name="squaredLength">Of the vector.</param>
    /// <param name="factor">What the projection is multiplied by.</param>
    /// <param name="destination">[c], written.</param>
    public void Apply(ReadOnlySpan<float> vector, double squaredLength, double factor, Span<float> destination)
    {
        var pairs = ShortProducts.Pairs(sourceDimension);
        var rounded = stackalloc short[2 * pairs];
        var sums = stackalloc int[ShortProducts.Rows];
        Round(vector, (float)(ShortProducts.One * EmbeddingLength.InverseOfAny(squaredLength)), rounded, 2 * pairs);
        var unit = (float)(factor * Math.Sqrt(squaredLength) / ShortProducts.One);
        var panel = values.Pointer(0, Length(dimension, sourceDimension));
        for (var first = 0; first < dimension; first += ShortProducts.Rows, panel += PanelBytes(sourceDimension))
        {
            ShortProducts.Panel(rounded, pairs, panel + HeadBytes, sums);
            var steps = (float*)panel;
            for (var i = first; i < Math.Min(dimension, first + ShortProducts.Rows); i++)
            {
                destination[i] = sums[i - first] * steps[i - first] * unit;
            }
        }
    }

    private static int PanelCount(int dimension) => (dimension + ShortProducts.Rows - 1) / ShortProducts.Rows;

    private static int PanelBytes(int sourceDimension) => HeadBytes + ShortProducts.PanelBytes(sourceDimension);

    private static void PackPanel(ReadOnlySpan<float> rows, int dimension, Span<sbyte> panel)
    {
        var codes = new sbyte[rows.Length];
        var steps = MemoryMarshal.Cast<sbyte, float>(panel[..HeadBytes]);
        for (var row = 0; row < rows.Length / dimension; row++)
        {
            steps[row] = (float)RowFormat.Encode(rows.Slice(row * dimension, dimension), codes.AsSpan(row * dimension, dimension));
        }

        ShortProducts.Pack(codes, dimension, panel[HeadBytes..]);
    }

    private static void Round(ReadOnlySpan<float> vector, float factor, short* rounded, int length)
    {
        var i = 0;
        for (; i + Vector256<short>.Count <= vector.Length; i += Vector256<short>.Count)
        {
            var low = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(vector[i..]) * factor));
            var high = Vector256.ConvertToInt32(Vector256.Round(Vector256.Create(vector[(i + Vector256<float>.Count)..]) * factor));
            Vector256.Narrow(low, high).Store(rounded + i);
        }

        for (; i < vector.Length; i++)
        {
            rounded[i] = (short)MathF.Round(vector[i] * factor);
        }

        for (; i < length; i++)
        {
            rounded[i] = 0;
        }
    }
}

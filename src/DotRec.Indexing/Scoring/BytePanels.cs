using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// A matrix of 8-bit rows for products with one vector after another: panels of 16 rows (<see cref="ShortProducts"/>), each behind the steps of
/// its rows, 16 float32. Products are those of the rounded numbers exactly, so they have the same bits on every processor.
/// </summary>
/// <param name="values">The panels.</param>
/// <param name="count">Rows.</param>
/// <param name="dimension">Components of a row.</param>
internal sealed unsafe class BytePanels(Section<sbyte> values, int count, int dimension)
{
    private const int HeadBytes = ShortProducts.Rows * sizeof(float);

    private readonly int _panelBytes = PanelBytes(dimension);

    public Section<sbyte> Values => values;

    public int Count => count;

    public int Dimension => dimension;

    /// <summary>16-bit numbers that a vector is rounded to.</summary>
    public int VectorLength => 2 * ShortProducts.Pairs(dimension);

    private int PanelCount => CountPanels(count);

    /// <summary>Bytes of the panels.</summary>
    public static long Length(int count, int dimension) => (long)CountPanels(count) * PanelBytes(dimension);

    /// <summary>Rounds and arranges rows.</summary>
    /// <param name="rows">[count, D].</param>
    /// <param name="dimension">D.</param>
    public static BytePanels Pack(ReadOnlySpan<float> rows, int dimension)
    {
        var count = rows.Length / dimension;
        var panels = new BytePanels(AllocatedMemory.New<sbyte>(Length(count, dimension)), count, dimension);
        for (var panel = 0; panel < panels.PanelCount; panel++)
        {
            var first = panel * ShortProducts.Rows * dimension;
            panels.PackPanel(panel, rows.Slice(first, Math.Min(ShortProducts.Rows * dimension, rows.Length - first)));
        }

        return panels;
    }

    /// <summary>Rounds a vector to units of 1 / <see cref="ShortProducts.One"/> of its length.</summary>
    /// <param name="vector">[D].</param>
    /// <param name="inverseLength">One by its length.</param>
    /// <param name="rounded">[<see cref="VectorLength"/>], written.</param>
    public void Round(ReadOnlySpan<float> vector, double inverseLength, short* rounded) =>
        ShortRounding.Round(vector, (float)(ShortProducts.One * inverseLength), new Span<short>(rounded, VectorLength));

    /// <summary>Inner products of a rounded vector with every row. Runs on one thread.</summary>
    /// <param name="rounded">[<see cref="VectorLength"/>].</param>
    /// <param name="unit">What a product with <see cref="ShortProducts.One"/> is multiplied by.</param>
    /// <param name="products">[rows], written.</param>
    public void Multiply(short* rounded, float unit, Span<float> products)
    {
        var sums = stackalloc int[ShortProducts.Together * ShortProducts.Rows];
        var panel = values.Pointer(0, Length(count, dimension));
        for (var first = 0; first < count;)
        {
            var panels = Math.Min(ShortProducts.Together, CountPanels(count - first));
            ShortProducts.Panels(rounded, ShortProducts.Pairs(dimension), panel + HeadBytes, _panelBytes, panels, sums);
            for (var i = 0; i < panels; i++, panel += _panelBytes, first += ShortProducts.Rows)
            {
                ShortRounding.Scale(sums + (i * ShortProducts.Rows), (float*)panel, unit, products[first..]);
            }
        }
    }

    /// <summary>Copies the panels.</summary>
    public BytePanels CopyTo(Section<sbyte> target)
    {
        for (var panel = 0; panel < PanelCount; panel++)
        {
            Panel(panel).CopyTo(target.Span((long)panel * _panelBytes, _panelBytes));
        }

        return new BytePanels(target, count, dimension);
    }

    /// <summary>The rows as they are rounded, [count, D].</summary>
    public float[] ToRows()
    {
        var rows = new float[count * dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, component) = (i / dimension % ShortProducts.Rows, i % dimension);
            var panel = Panel(i / dimension / ShortProducts.Rows);
            rows[i] = panel[HeadBytes + ShortProducts.Place(row, component)] * MemoryMarshal.Cast<sbyte, float>(panel[..HeadBytes])[row];
        }

        return rows;
    }

    /// <summary>The greatest step of a row by magnitude; NaN where one is.</summary>
    public float MaxStep()
    {
        var max = 0f;
        for (var panel = 0; panel < PanelCount; panel++)
        {
            max = Math.Max(max, Math.Abs(TensorPrimitives.MaxMagnitude<float>(MemoryMarshal.Cast<sbyte, float>(Panel(panel)[..HeadBytes]))));
        }

        return max;
    }

    private static int CountPanels(int count) => (count + ShortProducts.Rows - 1) / ShortProducts.Rows;

    private static int PanelBytes(int dimension) => HeadBytes + ShortProducts.PanelBytes(dimension);

    private Span<sbyte> Panel(int number) => values.Span((long)number * _panelBytes, _panelBytes);

    private void PackPanel(int number, ReadOnlySpan<float> rows)
    {
        var (panel, codes) = (Panel(number).ToArray(), new sbyte[rows.Length]);
        var steps = MemoryMarshal.Cast<sbyte, float>(panel.AsSpan(0, HeadBytes));
        for (var row = 0; row < rows.Length / dimension; row++)
        {
            steps[row] = (float)RowFormat.Encode(rows.Slice(row * dimension, dimension), codes.AsSpan(row * dimension, dimension));
        }

        ShortProducts.Pack(codes, dimension, panel.AsSpan(HeadBytes));
        panel.CopyTo(Panel(number));
    }
}

using System.Diagnostics;

namespace DotRec.Kernels;

/// <summary>
/// Inner products of a 16-bit vector with rows of bytes, summed in 32 bits: rows of a matrix in panels of 16, and single rows that lie anywhere.
/// A vector of length 1 is rounded to multiples of 1 / <see cref="One"/>: a product with a row of D bytes is then at most 32,000 · 127 · √D
/// (Cauchy and Schwarz), as is every part of it, which does not overflow up to 250,000 components. In a panel one vector holds a pair of components of
/// several rows:
/// <code>
///   panel[(32 * p) + (2 * r) + i] = component 2p + i of row r
/// </code>
/// </summary>
internal static unsafe class ShortProducts
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 16;

    /// <summary>Panels that are multiplied together.</summary>
    public const int Together = 4;

    /// <summary>What a component of 1 becomes.</summary>
    public const int One = 32_000;

    /// <summary>Components of <see cref="IShortProductKernel.Row"/> are a multiple of this.</summary>
    public const int Step = 16;

    /// <summary>Pairs that hold so many components, an even number: panels are whole cache lines.</summary>
    public static int Pairs(int dimension) => (dimension + 3) / 4 * 2;

    /// <summary>Bytes of a panel.</summary>
    public static int PanelBytes(int dimension) => Pairs(dimension) * Rows * 2;

    /// <summary>Where in a panel a component of a row is.</summary>
    public static int Place(int row, int component) => (component / 2 * Rows * 2) + (2 * row) + (component % 2);

    /// <summary>Puts up to 16 rows, row-major, into a panel; what is missing becomes zeros.</summary>
    /// <param name="rows">[rows, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="panel">[pairs, 16, 2].</param>
    public static void Pack(ReadOnlySpan<sbyte> rows, int dimension, Span<sbyte> panel)
    {
        Debug.Assert(rows.Length <= Rows * dimension && panel.Length == PanelBytes(dimension));
        panel.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            panel[Place(i / dimension, i % dimension)] = rows[i];
        }
    }

    /// <summary>Inner products of a vector with the rows of up to four panels.</summary>
    /// <param name="vector">[pairs, 2], zeros behind D.</param>
    /// <param name="pairs">Pairs of components.</param>
    /// <param name="panels">[panels, pairs, 16, 2].</param>
    /// <param name="stride">Bytes from a panel to the next.</param>
    /// <param name="count">Panels, 1 to 4.</param>
    /// <param name="sums">[panels, 16], written.</param>
    public static void Panels(short* vector, int pairs, sbyte* panels, nint stride, int count, int* sums)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                ShortProductAvx512.Panels(vector, pairs, panels, stride, count, sums);
                break;
            case InstructionSet.Avx2:
                ShortProductAvx2.Panels(vector, pairs, panels, stride, count, sums);
                break;
            default:
                ShortProductPortable.Panels(vector, pairs, panels, stride, count, sums);
                break;
        }
    }
}

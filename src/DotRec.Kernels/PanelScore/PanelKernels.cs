using System.Diagnostics;

namespace DotRec.Kernels;

/// <summary>
/// Scores of queries against panels. A panel holds 64 rows, dimension-major, so that one vector holds one component of several rows and a
/// score is never summed across lanes:
/// <code>
///   panel[64 * j + r] = component j of row r        (256 bytes a component; panels start on a cache line)
/// </code>
/// Every score is one chain of fused multiply-adds over the components in order, whatever the vector width and however many queries are
/// scored at once. So a score has the same bits in every variant (where the processor can fuse), for one query and for many; and no width D
/// needs a remainder loop. 64 rows are also one word of a row filter.
/// </summary>
internal static unsafe class PanelKernels
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 64;

    /// <summary>Queries that <see cref="IPanelKernel.ScoreFour"/> scores at once.</summary>
    public const int Queries = 4;

    /// <summary>Puts up to 64 rows, row-major, into a panel; rows that are missing become zeros.</summary>
    public static void Pack(ReadOnlySpan<float> rows, int dimension, Span<float> panel)
    {
        var count = rows.Length / dimension;
        Debug.Assert(count <= Rows && panel.Length == Rows * dimension);
        if (count < Rows)
        {
            panel.Clear();
        }

        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * dimension, dimension);
            for (var j = 0; j < values.Length; j++)
            {
                panel[(j * Rows) + row] = values[j];
            }
        }
    }

    /// <summary>Sum of squares of each row of a panel, in double: products are exact there, so the bits are the same everywhere.</summary>
    public static void SquaredLengths(ReadOnlySpan<float> panel, Span<double> sums)
    {
        Debug.Assert(sums.Length == Rows);
        sums.Clear();
        for (; panel.Length >= Rows; panel = panel[Rows..])
        {
            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] += (double)panel[row] * panel[row];
            }
        }
    }
}

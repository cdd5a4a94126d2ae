using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Inverse of a symmetric positive definite matrix, in double precision, by Cholesky factors.</summary>
/// <remarks>
/// Work is cut so that a row of the factor is read once for several rows that stay in the cache: row by row, a matrix larger than the cache
/// would be read from memory once for every row.
/// </remarks>
internal static class SymmetricInverse
{
    private const int PartRows = 16;
    private const int PanelRows = 8 * PartRows;

    /// <summary>The inverse of an n × n matrix; the matrix is overwritten.</summary>
    public static double[] Of(double[] matrix, int n)
    {
        for (var panel = 0; panel < n; panel += PanelRows)
        {
            FactorizePanel(matrix, n, panel, Math.Min(panel + PanelRows, n));
        }

        MirrorFactor(matrix, n);

        // A row of the inverse (which is symmetric) is the solution for a unit vector.
        var inverse = new double[matrix.Length];
        Parallelism.ForRanges(n, PartRows, (start, end) => SolveUnits(matrix, n, inverse, start, end));
        return inverse;
    }

    // L in the lower triangle: L[i, j] = (A[i, j] − L[i, ..j] · L[j, ..j]) / L[j, j].
    private static void FactorizePanel(double[] matrix, int n, int first, int last)
    {
        Parallelism.ForRanges(last - first, PartRows, (start, end) =>
        {
            for (var j = 0; j < first; j++)
            {
                for (var i = first + start; i < first + end; i++)
                {
                    FactorizeElement(matrix, n, i, j);
                }
            }
        });

        for (var i = first; i < last; i++)
        {
            for (var j = first; j < i; j++)
            {
                FactorizeElement(matrix, n, i, j);
            }

            var row = matrix.AsSpan(i * n, n);
            row[i] = Math.Sqrt(row[i] - TensorPrimitives.SumOfSquares<double>(row[..i]));
        }
    }

    private static void FactorizeElement(double[] matrix, int n, int i, int j)
    {
        var row = matrix.AsSpan(i * n, n);
        row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], matrix.AsSpan(j * n, j))) / matrix[(j * n) + j];
    }

    // Lᵀ into the upper triangle, so that both solves read rows.
    private static void MirrorFactor(double[] matrix, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[(j * n) + i] = matrix[(i * n) + j];
            }
        }
    }

    private static void SolveUnits(double[] factor, int n, double[] inverse, int start, int end)
    {
        for (var i = start; i < n; i++)
        {
            var row = factor.AsSpan(i * n, n);
            for (var unit = start; unit < end; unit++)
            {
                var x = inverse.AsSpan(unit * n, n);
                x[i] = ((i == unit ? 1 : 0) - TensorPrimitives.Dot<double>(row[start..i], x[start..i])) / row[i];
            }
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var row = factor.AsSpan(i * n, n);
            for (var unit = start; unit < end; unit++)
            {
                var x = inverse.AsSpan(unit * n, n);
                x[i] = (x[i] - TensorPrimitives.Dot<double>(row[(i + 1)..], x[(i + 1)..])) / row[i];
            }
        }
    }
}

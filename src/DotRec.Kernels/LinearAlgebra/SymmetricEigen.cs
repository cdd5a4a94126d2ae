namespace DotRec.Kernels;

/// <summary>
/// All eigenvalues and eigenvectors of a symmetric matrix of some hundred rows, in double: Householder's reduction to three diagonals, then
/// implicit QL steps (Golub and Van Loan, Matrix Computations, §8.3).
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSteps = 64;

    /// <summary>Decomposes A = Σ λᵢ·vᵢvᵢᵀ.</summary>
    /// <param name="matrix">[n, n], of which the lower half is read; overwritten.</param>
    /// <param name="size">n.</param>
    /// <returns>λ, falling, and the vectors, [n, n], one a row.</returns>
    public static (double[] Values, double[] Vectors) Decompose(double[] matrix, int size)
    {
        var (diagonal, off) = (new double[size], new double[size]);
        var basis = Reduce(matrix, size, diagonal, off);
        Iterate(diagonal, off, basis, size);
        var order = Enumerable.Range(0, size).OrderByDescending(i => diagonal[i]).ToArray();
        var vectors = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            basis.AsSpan(order[i] * size, size).CopyTo(vectors.AsSpan(i * size));
        }

        return ([.. order.Select(i => diagonal[i])], vectors);
    }

    // Leaves A = Qᵀ·T·Q with T of three diagonals; returns Q, one basis vector a row.
    private static double[] Reduce(double[] a, int n, double[] diagonal, double[] off)
    {
        var basis = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            basis[(i * n) + i] = 1;
        }

        var (v, p) = (new double[n], new double[n]);
        for (var k = 0; k < n - 1; k++)
        {
            // The reflection that takes column k below its diagonal to a multiple of the first unit vector.
            var norm = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                v[i] = a[(i * n) + k];
                norm += v[i] * v[i];
            }

            norm = Math.Sqrt(norm);
            diagonal[k] = a[(k * n) + k];
            off[k] = v[k + 1] > 0 ? -norm : norm;
            v[k + 1] -= off[k];
            var square = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                square += v[i] * v[i];
            }

            if (square > 0)
            {
                Reflect(a, n, k + 1, v, p, 2 / square);
                ReflectRows(basis, n, k + 1, v, p, 2 / square);
            }
        }

        diagonal[n - 1] = a[^1];
        return basis;
    }

    // A ← (I − f·vvᵀ)·A·(I − f·vvᵀ) for the part from first on.
    private static void Reflect(double[] a, int n, int first, double[] v, double[] p, double factor)
    {
        var along = 0.0;
        for (var i = first; i < n; i++)
        {
            var sum = 0.0;
            for (var j = first; j < n; j++)
            {
                sum += (j <= i ? a[(i * n) + j] : a[(j * n) + i]) * v[j];
            }

            p[i] = factor * sum;
            along += p[i] * v[i];
        }

        for (var i = first; i < n; i++)
        {
            p[i] -= 0.5 * factor * along * v[i];
        }

        for (var i = first; i < n; i++)
        {
            for (var j = first; j <= i; j++)
            {
                a[(i * n) + j] -= (v[i] * p[j]) + (p[i] * v[j]);
            }
        }
    }

    // Q ← (I − f·vvᵀ)·Q for the rows from first on.
    private static void ReflectRows(double[] basis, int n, int first, double[] v, double[] p, double factor)
    {
        Array.Clear(p);
        for (var i = first; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                p[j] += v[i] * basis[(i * n) + j];
            }
        }

        for (var i = first; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                basis[(i * n) + j] -= factor * v[i] * p[j];
            }
        }
    }

    private static void Iterate(double[] diagonal, double[] off, double[] basis, int n)
    {
        for (var low = 0; low < n; low++)
        {
            for (var step = 0; step < MostSteps; step++)
            {
                var high = low;
                while (high < n - 1 && Math.Abs(off[high]) > double.Epsilon + (1e-16 * (Math.Abs(diagonal[high]) + Math.Abs(diagonal[high + 1]))))
                {
                    high++;
                }

                if (high == low)
                {
                    break;
                }

                Step(diagonal, off, basis, n, low, high);
            }
        }
    }

    // One QL step with Wilkinson's shift on rows low … high.
    private static void Step(double[] d, double[] e, double[] basis, int n, int low, int high)
    {
        var g = (d[low + 1] - d[low]) / (2 * e[low]);
        var r = Math.Sqrt((g * g) + 1);
        g = d[high] - d[low] + (e[low] / (g + Math.CopySign(r, g)));
        var (s, c, p) = (1.0, 1.0, 0.0);
        for (var i = high - 1; i >= low; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            r = Math.Sqrt((f * f) + (g * g));
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[high] = 0;
                return;
            }

            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            var one = basis.AsSpan(i * n, n);
            var two = basis.AsSpan((i + 1) * n, n);
            for (var k = 0; k < one.Length; k++)
            {
                var next = two[k];
                two[k] = (s * one[k]) + (c * next);
                one[k] = (c * one[k]) - (s * next);
            }
        }

        d[low] -= p;
        e[low] = g;
        e[high] = 0;
    }
}

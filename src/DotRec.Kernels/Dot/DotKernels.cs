namespace DotRec.Kernels;

/// <summary>The inner product Σ xᵢyᵢ of one vector with one vector or with every row of a matrix.</summary>
internal static class DotKernels
{
    /// <summary>One with one. Lengths must be equal; 0 for empty vectors.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Require.SameLength(x.Length, y.Length);
        var sum = 0f;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>One with every row: scores[i] is the value for rows[i], bit for bit that of <see cref="Dot"/>.</summary>
    /// <param name="query">[D].</param>
    /// <param name="rows">[N, D], row-major.</param>
    /// <param name="scores">[N], written.</param>
    public static void DotMany(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores)
    {
        Require.Matrix(rows.Length, scores.Length, query.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = Dot(query, rows.Slice(i * query.Length, query.Length));
        }
    }
}

using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The directions in which vectors are longest: eigenvectors of their second moment Σ xxᵀ / n to its greatest eigenvalues, by subspace
/// iteration and a Rayleigh-Ritz step at its end.
/// </summary>
internal static class PrincipalComponents
{
    // More directions than are wanted are followed, so that the wanted ones converge at the ratio to the eigenvalue behind them all.
    private const int Oversampling = 32;
    private const int Rounds = 6;

    // Shorter than this share of what it was, a vector is rounding only.
    private const double MinLeft = 1e-5;

    /// <summary>Finds the first components.</summary>
    /// <param name="points">[n, D]; scaled in place to a longest row of 1.</param>
    /// <param name="dimension">D.</param>
    /// <param name="count">c, at most D.</param>
    /// <param name="random">Where the iteration begins.</param>
    /// <returns>[c, D], orthonormal, by falling eigenvalue; and the share of the squared lengths along each. All zeros: an energy of 0.</returns>
    public static (float[] Components, double[] Energies) Find(Span<float> points, int dimension, int count, SeededRandom random)
    {
        var moment = Moment(points, dimension, out var trace);
        var followed = Math.Min(dimension, count + Oversampling);
        var basis = new float[followed * dimension];
        Fill(basis, random.Stream(0));
        Orthonormalize(basis, dimension, random.Stream(1));
        var image = new float[basis.Length];
        for (var round = 0; round < Rounds; round++)
        {
            GemmKernels.Multiply(false, false, followed, dimension, dimension, basis, dimension, moment, dimension, image, dimension);
            (basis, image) = (image, basis);
            Orthonormalize(basis, dimension, random.Stream((ulong)round + 2));
        }

        // Within the subspace the moment is a small matrix, whose eigenvectors sort the directions.
        GemmKernels.Multiply(false, false, followed, dimension, dimension, basis, dimension, moment, dimension, image, dimension);
        var small = new float[followed * followed];
        GemmKernels.Multiply(false, true, followed, followed, dimension, basis, dimension, image, dimension, small, followed);
        var (values, vectors) = SymmetricEigen.Decompose(Array.ConvertAll(small, value => (double)value), followed);
        var components = new float[count * dimension];
        var mixing = new float[count * followed];
        for (var i = 0; i < mixing.Length; i++)
        {
            mixing[i] = (float)vectors[i];
        }

        GemmKernels.Multiply(false, false, count, dimension, followed, mixing, followed, basis, dimension, components, dimension);
        Orthonormalize(components, dimension, random.Stream(Rounds + 2));
        return (components, [.. values.Take(count).Select(value => trace > 0 ? Math.Max(0, value) / trace : 0)]);
    }

    private static float[] Moment(Span<float> points, int dimension, out double trace)
    {
        var longest = 0.0;
        for (var i = 0; i < points.Length; i += dimension)
        {
            longest = Math.Max(longest, EmbeddingLength.Squared(points.Slice(i, dimension)));
        }

        TensorPrimitives.Multiply(points, (float)EmbeddingLength.Inverse(longest), points);
        var moment = new float[dimension * dimension];
        GemmKernels.Multiply(true, false, dimension, dimension, points.Length / dimension, points, dimension, points, dimension, moment, dimension);
        trace = 0;
        for (var i = 0; i < dimension; i++)
        {
            trace += moment[(i * dimension) + i];
        }

        return moment;
    }

    // Gram and Schmidt, each row twice; a row that the others span is drawn again.
    private static void Orthonormalize(float[] rows, int dimension, SeededRandom random)
    {
        var products = new float[rows.Length / dimension];
        for (var i = 0; i < products.Length; i++)
        {
            var row = rows.AsSpan(i * dimension, dimension);
            var before = rows.AsSpan(0, i * dimension);
            while (true)
            {
                var square = EmbeddingLength.Squared(row);
                TensorPrimitives.Multiply(row, (float)EmbeddingLength.Inverse(square), row);
                Subtract(row, before, products.AsSpan(0, i));
                var left = EmbeddingLength.Squared(row);
                if (left > MinLeft * MinLeft)
                {
                    TensorPrimitives.Multiply(row, (float)EmbeddingLength.Inverse(left), row);
                    Subtract(row, before, products.AsSpan(0, i));
                    TensorPrimitives.Multiply(row, (float)EmbeddingLength.Inverse(EmbeddingLength.Squared(row)), row);
                    break;
                }

                Fill(row, random);
            }
        }
    }

    private static void Subtract(Span<float> row, ReadOnlySpan<float> others, Span<float> products)
    {
        DotKernels.DotMany(row, others, products);
        for (var i = 0; i < products.Length; i++)
        {
            AxpyKernels.Axpy(-products[i], others.Slice(i * row.Length, row.Length), row);
        }
    }

    private static void Fill(Span<float> values, SeededRandom random)
    {
        foreach (ref var value in values)
        {
            value = (float)random.NextNormal();
        }
    }
}

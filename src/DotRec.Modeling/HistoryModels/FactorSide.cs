using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The vectors of one side of a factorization, turned so that their weighed products α·VᵀV are diagonal: then that part, which all systems of the other side
/// share, is a number a dimension.
/// </summary>
internal sealed class FactorSide
{
    /// <param name="vectors">[count, D]; overwritten by the turned ones.</param>
    /// <param name="dimension">D.</param>
    /// <param name="weight">α.</param>
    public FactorSide(float[] vectors, int dimension, double weight)
    {
        Vectors = vectors;
        Dimension = dimension;
        var gram = new float[dimension * dimension];
        GemmKernels.Multiply(true, false, dimension, dimension, Count, vectors, dimension, vectors, dimension, gram, dimension);
        var (values, basis) = SymmetricEigen.Decompose(Array.ConvertAll(gram, value => (double)value), dimension);
        Shared = Array.ConvertAll(values, value => (float)(weight * Math.Max(0, value)));
        var turned = new float[vectors.Length];
        GemmKernels.Multiply(false, true, Count, dimension, dimension, vectors, dimension, Array.ConvertAll(basis, value => (float)value), dimension, turned, dimension);
        turned.CopyTo(vectors, 0);
    }

    /// <summary>[count, D].</summary>
    public float[] Vectors { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>How many vectors there are.</summary>
    public int Count => Vectors.Length / Dimension;

    /// <summary>The diagonal of α·VᵀV.</summary>
    public float[] Shared { get; }
}

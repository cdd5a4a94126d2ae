namespace DotRec.Kernels;

/// <summary>
/// Σ term(xᵢ, yᵢ) over two vectors: inner products and squared distances. Any alignment, any length; 0 for length 0. NaN and infinities
/// propagate as in the plain loop. Exact where every partial sum is (small integers), else within γₙ·Σ|term|: a fixed number of float32
/// partial sums, added pairwise at the end. Symmetric in x and y.
/// </summary>
internal interface IPairSumKernel : IKernel
{
    /// <summary>The sum over <paramref name="length"/> pairs.</summary>
    static abstract float Sum<TTerm>(ref readonly float x, ref readonly float y, nuint length)
        where TTerm : struct, IPairTerm;
}

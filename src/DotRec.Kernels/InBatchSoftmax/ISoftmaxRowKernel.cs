namespace DotRec.Kernels;

/// <summary>
/// The passes over one row of logits. n is a positive multiple of <see cref="RowMultiple"/>; no alignment needed. Exactness: Max is exact for
/// rows without NaN (with NaN it is any value); each exponential is within 2 units in the last place, their sum within γₙ.
/// </summary>
internal unsafe interface ISoftmaxRowKernel : IKernel
{
    /// <summary>What the length of a row is a multiple of.</summary>
    const int RowMultiple = 32;

    /// <summary>The largest value.</summary>
    static abstract float Max(float* row, nint n);

    /// <summary>Replaces every value v by exp(v − maximum) and returns the sum. A NaN, or +∞ as the maximum, makes the sum NaN.</summary>
    static abstract float ExpSum(float* row, nint n, float maximum);
}

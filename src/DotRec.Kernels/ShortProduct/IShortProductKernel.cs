namespace DotRec.Kernels;

/// <summary>One variant of <see cref="ShortProducts"/>. Sums are exact integers, so all variants give the same.</summary>
internal unsafe interface IShortProductKernel : IKernel
{
    /// <summary>Inner products of a vector with the 16 rows of each of up to four panels of bytes.</summary>
    /// <param name="vector">[pairs, 2].</param>
    /// <param name="pairs">Pairs of components.</param>
    /// <param name="panels">[panels, pairs, 16, 2].</param>
    /// <param name="stride">Bytes from a panel to the next.</param>
    /// <param name="count">Panels, 1 to 4.</param>
    /// <param name="sums">[panels, 16], written.</param>
    static abstract void Panels(short* vector, int pairs, sbyte* panels, nint stride, int count, int* sums);

    /// <summary>The inner product of a vector with a row of bytes.</summary>
    /// <param name="vector">[length].</param>
    /// <param name="row">[length].</param>
    /// <param name="length">A multiple of 16.</param>
    static abstract int Row(short* vector, sbyte* row, int length);
}

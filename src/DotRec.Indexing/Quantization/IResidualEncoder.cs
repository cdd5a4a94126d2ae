namespace DotRec.Indexing;

/// <summary>Chooses codewords and a scale for residuals. <see cref="ResidualEncoder"/> is the library's; benchmarks compare it with others.</summary>
internal interface IResidualEncoder
{
    /// <summary>Codes items, from any number of threads at once.</summary>
    /// <param name="items">[n, D].</param>
    /// <param name="residuals">[n, D]: the items less the centroid of their partition.</param>
    /// <param name="codes">[n, M], written: codewords 0 … 15.</param>
    /// <param name="scales">[n], written: never NaN.</param>
    void Encode(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals, Span<byte> codes, Span<float> scales);
}

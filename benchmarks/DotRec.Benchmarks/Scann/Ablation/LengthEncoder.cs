using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>The library's codes with the length of the residual as scale, which is what its codewords, of unit-length residuals, suggest.</summary>
internal sealed class LengthEncoder(float[] codebook, int dimension, float eta) : IResidualEncoder
{
    private readonly ResidualEncoder _encoder = new(codebook, dimension, eta);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals, Span<byte> codes, Span<float> scales)
    {
        _encoder.Encode(items, residuals, codes, scales);
        for (var i = 0; i < scales.Length; i++)
        {
            scales[i] = (float)Math.Sqrt(EmbeddingLength.Squared(residuals.Slice(i * dimension, dimension)));
        }
    }
}

using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// Codes residuals as they are, without a scale: ordinary product quantization with the loss and the descent of <see cref="ResidualEncoder"/>,
/// |r − u|² + (η − 1)·⟨x̂, r − u⟩², which is how ScaNN codes. The layout has a scale for every item: equal ones change nothing, so this codec has none.
/// </summary>
internal sealed class PlainEncoder(float[] codebook, int dimension, float eta) : IResidualEncoder
{
    private const int Codewords = QuantizedItems.Codewords;
    private const int MostSweeps = 10;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals, Span<byte> codes, Span<float> scales)
    {
        var blocks = QuantizedItems.BlocksOf(dimension);
        var descent = new Descent(codebook, dimension, eta);
        for (var i = 0; i < scales.Length; i++)
        {
            descent.Encode(items.Slice(i * dimension, dimension), residuals.Slice(i * dimension, dimension), codes.Slice(i * blocks, blocks));
        }

        scales.Fill(1);
    }

    private sealed class Descent(float[] codebook, int dimension, float eta)
    {
        private readonly int _blocks = QuantizedItems.BlocksOf(dimension);

        // Of the item at hand, for each codeword: |w|² − 2⟨r, w⟩ and √(η − 1)·⟨x̂, w⟩.
        private readonly float[] _across = new float[QuantizedItems.BlocksOf(dimension) * Codewords];
        private readonly float[] _along = new float[QuantizedItems.BlocksOf(dimension) * Codewords];

        /// <summary>Codes one item.</summary>
        /// <param name="item">[D].</param>
        /// <param name="residual">[D].</param>
        /// <param name="codes">[M], written.</param>
        public void Encode(ReadOnlySpan<float> item, ReadOnlySpan<float> residual, Span<byte> codes)
        {
            var factor = (float)(EmbeddingLength.Inverse(EmbeddingLength.Squared(item)) * Math.Sqrt(eta - 1));
            var error = 0f;
            for (var block = 0; block < _blocks; block++)
            {
                var (rx, ry) = Pair(residual, block);
                var (ix, iy) = Pair(item, block);
                for (var code = block * Codewords; code < (block + 1) * Codewords; code++)
                {
                    var (x, y) = (codebook[2 * code], codebook[(2 * code) + 1]);
                    _across[code] = (x * x) + (y * y) - (2 * ((rx * x) + (ry * y)));
                    _along[code] = factor * ((ix * x) + (iy * y));
                }

                codes[block] = Best(block, 0, 0);
                error += (factor * ((rx * ix) + (ry * iy))) - Along(block, codes[block]);
            }

            for (var (sweep, changed) = (0, eta > 1); sweep < MostSweeps && changed; sweep++)
            {
                changed = false;
                for (var block = 0; block < _blocks; block++)
                {
                    var without = error + Along(block, codes[block]);
                    var best = Best(block, without, 1);
                    changed |= best != codes[block];
                    codes[block] = best;
                    error = without - Along(block, best);
                }
            }
        }

        private float Along(int block, int code) => _along[(block * Codewords) + code];

        private byte Best(int block, float without, float weight)
        {
            var (best, min) = (0, float.PositiveInfinity);
            var across = _across.AsSpan(block * Codewords, Codewords);
            var along = _along.AsSpan(block * Codewords, Codewords);
            for (var code = 0; code < across.Length; code++)
            {
                var left = without - along[code];
                var loss = across[code] + (weight * left * left);
                (best, min) = loss < min ? (code, loss) : (best, min);
            }

            return (byte)best;
        }

        private (float X, float Y) Pair(ReadOnlySpan<float> vector, int block) => (vector[2 * block], (2 * block) + 1 < dimension ? vector[(2 * block) + 1] : 0);
    }
}

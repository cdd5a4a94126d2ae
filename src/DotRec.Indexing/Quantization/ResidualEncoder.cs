using System.Collections.Concurrent;
using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// Chooses codewords and a scale for the residual r = x − c of each item, x ≈ c + s·u with u the chosen codewords side by side. Both minimise
/// |r − s·u|² + (η − 1)·⟨x̂, r − s·u⟩², so an error along the item, which changes the scores of the queries that like it, costs η times one
/// across it (Guo et al. 2020; the scale is this library's).
/// </summary>
/// <remarks>
/// One vector lane an item. The codes begin with the nearest codewords; then blocks are visited in turn and each takes the codeword that
/// lowers the loss most, until none does: the loss never grows. Given the codes the best scale has a closed form,
/// s = (⟨r, u⟩ + (η − 1)⟨x̂, r⟩⟨x̂, u⟩) / (|u|² + (η − 1)⟨x̂, u⟩²). A lane's result does not depend on its neighbours, nor on the vector width.
/// </remarks>
internal sealed class ResidualEncoder : IResidualEncoder
{
    private const int Codewords = QuantizedItems.Codewords;
    private const int MostSweeps = 10;
    private const double GreatestRatio = 1000;

    private static readonly int Lanes = Vector<float>.Count;

    private readonly int _dimension;
    private readonly int _blocks;
    private readonly float _root;
    private readonly bool _nearQueries;

    private readonly ConcurrentBag<Group> _idle = [];

    // For each codeword: its two components and its square.
    private readonly float[] _codewords;

    /// <param name="codebook">[M, 16, 2].</param>
    /// <param name="dimension">D.</param>
    /// <param name="eta">η.</param>
    /// <param name="nearQueries">
    /// Whether queries differ from the items they ask for by less than the residual: η − 1 is then multiplied by |x|² / |r|² where that is above 1,
    /// for an error along the item is met by |x|, one across it by what the query differs in.
    /// </param>
    public ResidualEncoder(float[] codebook, int dimension, float eta, bool nearQueries = false)
    {
        _nearQueries = nearQueries;
        _dimension = dimension;
        _blocks = QuantizedItems.BlocksOf(dimension);
        _root = MathF.Sqrt(eta - 1);
        _codewords = new float[_blocks * Codewords * 3];
        for (var i = 0; i < _blocks * Codewords; i++)
        {
            float x = codebook[2 * i], y = codebook[(2 * i) + 1];
            (_codewords[3 * i], _codewords[(3 * i) + 1], _codewords[(3 * i) + 2]) = (x, y, (x * x) + (y * y));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Scales are 0 or more.</remarks>
    public void Encode(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals, Span<byte> codes, Span<float> scales)
    {
        var group = _idle.TryTake(out var used) ? used : new Group(this);
        for (var first = 0; first < scales.Length; first += Lanes)
        {
            var count = Math.Min(Lanes, scales.Length - first);
            group.Load(items.Slice(first * _dimension, count * _dimension), residuals.Slice(first * _dimension, count * _dimension));
            group.Choose();
            group.Store(codes.Slice(first * _blocks, count * _blocks), scales.Slice(first, count));
        }

        _idle.Add(group);
    }

    /// <summary>As many items as a vector has lanes; every array holds one vector a component or block.</summary>
    private sealed class Group
    {
        private readonly ResidualEncoder _encoder;

        // The residual's direction, and the item's direction times √(η − 1).
        private readonly float[] _residual;
        private readonly float[] _item;
        private readonly float[] _lengths = new float[Lanes];
        private readonly int[] _chosen;

        // ⟨chosen codeword, item direction⟩ of each block.
        private readonly float[] _along;
        private Vector<float> _error;
        private Vector<float> _scale;

        public Group(ResidualEncoder encoder)
        {
            _encoder = encoder;
            _residual = new float[encoder._blocks * 2 * Lanes];
            _item = new float[encoder._blocks * 2 * Lanes];
            _chosen = new int[encoder._blocks * Lanes];
            _along = new float[encoder._blocks * Lanes];
        }

        public void Load(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals)
        {
            var dimension = _encoder._dimension;
            for (var lane = 0; lane < items.Length / dimension; lane++)
            {
                var residual = residuals.Slice(lane * dimension, dimension);
                var square = EmbeddingLength.Squared(residual);
                _lengths[lane] = (float)Math.Sqrt(square);
                Spread(residual, (float)EmbeddingLength.Inverse(square), _residual, lane);
                var item = items.Slice(lane * dimension, dimension);
                var itemSquare = EmbeddingLength.Squared(item);
                var root = _encoder._root * (_encoder._nearQueries && square > 0 ? Math.Sqrt(Math.Clamp(itemSquare / square, 1, GreatestRatio)) : 1);
                Spread(item, (float)(EmbeddingLength.Inverse(itemSquare) * root), _item, lane);
            }
        }

        public void Choose()
        {
            ChooseNearest();
            Descend();
            FindScale();
        }

        public void Store(Span<byte> codes, Span<float> scales)
        {
            var blocks = _encoder._blocks;
            for (var lane = 0; lane < scales.Length; lane++)
            {
                for (var block = 0; block < blocks; block++)
                {
                    codes[(lane * blocks) + block] = (byte)_chosen[(block * Lanes) + lane];
                }

                scales[lane] = Math.Max(0, _scale[lane] * _lengths[lane]);
            }
        }

        private static void Spread(ReadOnlySpan<float> values, float factor, float[] vectors, int lane)
        {
            for (var j = 0; j < values.Length; j++)
            {
                vectors[(j * Lanes) + lane] = values[j] * factor;
            }
        }

        private void ChooseNearest()
        {
            _error = Vector<float>.Zero;
            for (var block = 0; block < _encoder._blocks; block++)
            {
                var (rx, ry, ix, iy) = BlockVectors(block);
                var (minusTwoX, minusTwoY) = (rx * -2f, ry * -2f);
                var best = new Vector<float>(float.PositiveInfinity);
                var (along, chosen) = (Vector<float>.Zero, Vector<int>.Zero);
                var codeword = _encoder._codewords.AsSpan(block * Codewords * 3, Codewords * 3);
                for (var code = 0; code < Codewords; code++, codeword = codeword[3..])
                {
                    var (x, y) = (new Vector<float>(codeword[0]), new Vector<float>(codeword[1]));
                    var loss = Vector.FusedMultiplyAdd(x, minusTwoX, Vector.FusedMultiplyAdd(y, minusTwoY, new Vector<float>(codeword[2])));
                    var better = Vector.LessThan(loss, best);
                    best = Vector.ConditionalSelect(better, loss, best);
                    chosen = Vector.ConditionalSelect(better, new Vector<int>(code), chosen);
                    along = Vector.ConditionalSelect(better, Vector.FusedMultiplyAdd(x, ix, y * iy), along);
                }

                chosen.CopyTo(_chosen, block * Lanes);
                along.CopyTo(_along, block * Lanes);
                _error += Vector.FusedMultiplyAdd(rx, ix, ry * iy) - along;
            }
        }

        private void Descend()
        {
            for (var sweep = 0; sweep < MostSweeps && _encoder._root > 0; sweep++)
            {
                var changed = Vector<int>.Zero;
                for (var block = 0; block < _encoder._blocks; block++)
                {
                    changed |= ImproveBlock(block);
                }

                if (changed == Vector<int>.Zero)
                {
                    break;
                }
            }
        }

        // The loss of codeword w in this block, less what all share: |w|² − 2⟨r, w⟩ + (error without the block − ⟨w, x̂⟩)².
        private Vector<int> ImproveBlock(int block)
        {
            var (rx, ry, ix, iy) = BlockVectors(block);
            var (minusTwoX, minusTwoY) = (rx * -2f, ry * -2f);
            var before = new Vector<int>(_chosen, block * Lanes);
            var without = _error + new Vector<float>(_along, block * Lanes);
            var best = new Vector<float>(float.PositiveInfinity);
            var (error, chosen) = (Vector<float>.Zero, Vector<int>.Zero);
            var codeword = _encoder._codewords.AsSpan(block * Codewords * 3, Codewords * 3);
            for (var code = 0; code < Codewords; code++, codeword = codeword[3..])
            {
                var (x, y) = (new Vector<float>(codeword[0]), new Vector<float>(codeword[1]));
                var across = Vector.FusedMultiplyAdd(x, minusTwoX, Vector.FusedMultiplyAdd(y, minusTwoY, new Vector<float>(codeword[2])));
                var left = without - Vector.FusedMultiplyAdd(x, ix, y * iy);
                var loss = Vector.FusedMultiplyAdd(left, left, across);
                var better = Vector.LessThan(loss, best);
                best = Vector.ConditionalSelect(better, loss, best);
                chosen = Vector.ConditionalSelect(better, new Vector<int>(code), chosen);
                error = Vector.ConditionalSelect(better, left, error);
            }

            chosen.CopyTo(_chosen, block * Lanes);
            (without - error).CopyTo(_along, block * Lanes);
            _error = error;
            return chosen ^ before;
        }

        private void FindScale()
        {
            var (residualCode, codeSquare) = (Vector<float>.Zero, Vector<float>.Zero);
            var (itemResidual, itemCode) = (Vector<float>.Zero, Vector<float>.Zero);
            for (var block = 0; block < _encoder._blocks; block++)
            {
                var (rx, ry, ix, iy) = BlockVectors(block);
                var (x, y) = Chosen(block);
                residualCode += Vector.FusedMultiplyAdd(rx, x, ry * y);
                codeSquare += Vector.FusedMultiplyAdd(x, x, y * y);
                itemResidual += Vector.FusedMultiplyAdd(rx, ix, ry * iy);
                itemCode += Vector.FusedMultiplyAdd(x, ix, y * iy);
            }

            var numerator = Vector.FusedMultiplyAdd(itemResidual, itemCode, residualCode);
            var denominator = Vector.FusedMultiplyAdd(itemCode, itemCode, codeSquare);
            _scale = Vector.ConditionalSelect(Vector.GreaterThan(denominator, Vector<float>.Zero), numerator / denominator, Vector<float>.Zero);
        }

        private (Vector<float> X, Vector<float> Y) Chosen(int block)
        {
            Span<float> x = stackalloc float[Lanes], y = stackalloc float[Lanes];
            for (var lane = 0; lane < Lanes; lane++)
            {
                var at = ((block * Codewords) + _chosen[(block * Lanes) + lane]) * 3;
                (x[lane], y[lane]) = (_encoder._codewords[at], _encoder._codewords[at + 1]);
            }

            return (new Vector<float>(x), new Vector<float>(y));
        }

        private (Vector<float> ResidualX, Vector<float> ResidualY, Vector<float> ItemX, Vector<float> ItemY) BlockVectors(int block)
        {
            var at = block * 2 * Lanes;
            return (new Vector<float>(_residual, at), new Vector<float>(_residual, at + Lanes), new Vector<float>(_item, at), new Vector<float>(_item, at + Lanes));
        }
    }
}

using System.Collections.Concurrent;
using System.Numerics;
using DotRec.Kernels;

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
    private const double MaxRatio = 1000;

    private static readonly int Lanes = Vector<float>.Count;

    private readonly int _dimension;
    private readonly int _width;
    private readonly int _blocks;
    private readonly float _root;
    private readonly bool _nearQueries;

    private readonly ConcurrentBag<Group> _idle = [];

    // For each codeword: its components and its square.
    private readonly float[] _codewords;

    /// <param name="codebook">[M, 16, width].</param>
    /// <param name="dimension">D.</param>
    /// <param name="eta">η.</param>
    /// <param name="nearQueries">
    /// Whether queries differ from the items they ask for by less than the residual: η − 1 is then multiplied by |x|² / |r|² where that is above 1,
    /// for an error along the item is met by |x|, one across it by what the query differs in.
    /// </param>
    /// <param name="width">Dimensions a block: 2 to 4.</param>
    public ResidualEncoder(float[] codebook, int dimension, float eta, bool nearQueries = false, int width = QuantizedItems.MinBlockWidth)
    {
        _nearQueries = nearQueries;
        _dimension = dimension;
        _width = width;
        _blocks = QuantizedItems.BlocksOf(dimension, width);
        _root = MathF.Sqrt(eta - 1);
        _codewords = new float[_blocks * Codewords * (width + 1)];
        for (var i = 0; i < _blocks * Codewords; i++)
        {
            var codeword = codebook.AsSpan(width * i, width);
            codeword.CopyTo(_codewords.AsSpan((width + 1) * i));
            var square = 0f;
            foreach (var value in codeword)
            {
                square += value * value;
            }

            _codewords[((width + 1) * i) + width] = square;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Scales are 0 or more.</remarks>
    public void Encode(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals, Span<byte> codes, Span<float> scales)
    {
        var group = _idle.TryTake(out var used) ? used : NewGroup();
        for (var first = 0; first < scales.Length; first += Lanes)
        {
            var count = Math.Min(Lanes, scales.Length - first);
            group.Load(items.Slice(first * _dimension, count * _dimension), residuals.Slice(first * _dimension, count * _dimension));
            group.Choose();
            group.Store(codes.Slice(first * _blocks, count * _blocks), scales.Slice(first, count));
        }

        _idle.Add(group);
    }

    private Group NewGroup() => _width switch
    {
        2 => new Group<BlockOfTwo>(this),
        3 => new Group<BlockOfThree>(this),
        _ => new Group<BlockOfFour>(this),
    };

    /// <summary>As many items as a vector has lanes.</summary>
    private abstract class Group
    {
        public abstract void Load(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals);

        public abstract void Choose();

        public abstract void Store(Span<byte> codes, Span<float> scales);
    }

    /// <summary>Every array holds one vector a component or block.</summary>
    private sealed class Group<TWidth> : Group
        where TWidth : struct, IBlockWidth
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
            _residual = new float[encoder._blocks * TWidth.Value * Lanes];
            _item = new float[encoder._blocks * TWidth.Value * Lanes];
            _chosen = new int[encoder._blocks * Lanes];
            _along = new float[encoder._blocks * Lanes];
        }

        public override void Load(ReadOnlySpan<float> items, ReadOnlySpan<float> residuals)
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
                var root = _encoder._root * (_encoder._nearQueries && square > 0 ? Math.Sqrt(Math.Clamp(itemSquare / square, 1, MaxRatio)) : 1);
                Spread(item, (float)(EmbeddingLength.Inverse(itemSquare) * root), _item, lane);
            }
        }

        public override void Choose()
        {
            ChooseNearest();
            Descend();
            FindScale();
        }

        public override void Store(Span<byte> codes, Span<float> scales)
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
                var residual = BlockOf(_residual, block);
                var item = BlockOf(_item, block);
                var minusTwice = residual.Times(-2f);
                var best = new Vector<float>(float.PositiveInfinity);
                var (along, chosen) = (Vector<float>.Zero, Vector<int>.Zero);
                var codewords = CodewordsOf(block);
                for (var code = 0; code < Codewords; code++, codewords = codewords[(TWidth.Value + 1)..])
                {
                    var codeword = BlockVectors.Broadcast<TWidth>(codewords);
                    var loss = codeword.AddDot<TWidth>(minusTwice, new Vector<float>(codewords[TWidth.Value]));
                    var better = Vector.LessThan(loss, best);
                    best = Vector.ConditionalSelect(better, loss, best);
                    chosen = Vector.ConditionalSelect(better, new Vector<int>(code), chosen);
                    along = Vector.ConditionalSelect(better, codeword.Dot<TWidth>(item), along);
                }

                chosen.CopyTo(_chosen, block * Lanes);
                along.CopyTo(_along, block * Lanes);
                _error += residual.Dot<TWidth>(item) - along;
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
            var item = BlockOf(_item, block);
            var minusTwice = BlockOf(_residual, block).Times(-2f);
            var before = new Vector<int>(_chosen, block * Lanes);
            var without = _error + new Vector<float>(_along, block * Lanes);
            var best = new Vector<float>(float.PositiveInfinity);
            var (error, chosen) = (Vector<float>.Zero, Vector<int>.Zero);
            var codewords = CodewordsOf(block);
            for (var code = 0; code < Codewords; code++, codewords = codewords[(TWidth.Value + 1)..])
            {
                var codeword = BlockVectors.Broadcast<TWidth>(codewords);
                var across = codeword.AddDot<TWidth>(minusTwice, new Vector<float>(codewords[TWidth.Value]));
                var left = without - codeword.Dot<TWidth>(item);
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
            Span<float> gathered = stackalloc float[TWidth.Value * Lanes];
            for (var block = 0; block < _encoder._blocks; block++)
            {
                var residual = BlockOf(_residual, block);
                var item = BlockOf(_item, block);
                Gather(block, gathered);
                var codeword = BlockVectors.Load<TWidth>(gathered);
                residualCode += residual.Dot<TWidth>(codeword);
                codeSquare += codeword.Dot<TWidth>(codeword);
                itemResidual += residual.Dot<TWidth>(item);
                itemCode += codeword.Dot<TWidth>(item);
            }

            var numerator = Vector.FusedMultiplyAdd(itemResidual, itemCode, residualCode);
            var denominator = Vector.FusedMultiplyAdd(itemCode, itemCode, codeSquare);
            _scale = Vector.ConditionalSelect(Vector.GreaterThan(denominator, Vector<float>.Zero), numerator / denominator, Vector<float>.Zero);
        }

        // The chosen codewords of a block, component after component.
        private void Gather(int block, Span<float> components)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var at = ((block * Codewords) + _chosen[(block * Lanes) + lane]) * (TWidth.Value + 1);
                for (var j = 0; j < TWidth.Value; j++)
                {
                    components[(j * Lanes) + lane] = _encoder._codewords[at + j];
                }
            }
        }

        private static BlockVectors BlockOf(float[] vectors, int block) => BlockVectors.Load<TWidth>(vectors.AsSpan(block * TWidth.Value * Lanes));

        private ReadOnlySpan<float> CodewordsOf(int block) =>
            _encoder._codewords.AsSpan(block * Codewords * (TWidth.Value + 1), Codewords * (TWidth.Value + 1));
    }
}

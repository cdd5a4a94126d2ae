using System.Buffers;
using System.Numerics.Tensors;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>How like some items are to one another: the cosine of their embeddings, or of the lists of what they lead to.</summary>
internal abstract class ItemLikeness : IDisposable
{
    /// <summary>The likeness of items that are candidates.</summary>
    public static ItemLikeness Of(IItemIndex index, ReadOnlySpan<RankedItem> items) => index is SparseIndex lists ? new OfLists(lists, items) : new OfEmbeddings(index, items);

    /// <summary>Writes how like each item is to one of them, −1 … 1; 0 where there is nothing to compare.</summary>
    public abstract void To(int item, Span<float> likeness);

    public abstract void Dispose();

    private sealed class OfEmbeddings : ItemLikeness
    {
        private readonly float[] _units;
        private readonly int _count;
        private readonly int _width;

        public OfEmbeddings(IItemIndex index, ReadOnlySpan<RankedItem> items)
        {
            (_count, _width) = (items.Length, index.Dimension);
            _units = ArrayPool<float>.Shared.Rent(_count * _width);
            for (var i = 0; i < items.Length; i++)
            {
                var unit = _units.AsSpan(i * _width, _width);
                index.CopyEmbedding(items[i].Row, unit);
                var largest = TensorPrimitives.MaxMagnitude(unit);
                if (largest != 0)
                {
                    // First to the largest component: squares of very large or small ones would not be finite, or 0.
                    TensorPrimitives.Divide(unit, Math.Abs(largest), unit);
                    TensorPrimitives.Divide(unit, TensorPrimitives.Norm(unit), unit);
                }
            }
        }

        public override void To(int item, Span<float> likeness) =>
            DotKernels.DotMany(_units.AsSpan(item * _width, _width), _units.AsSpan(0, _count * _width), likeness);

        public override void Dispose() => ArrayPool<float>.Shared.Return(_units);
    }

    private sealed class OfLists : ItemLikeness
    {
        private readonly SparseIndex _index;
        private readonly int[] _rows;
        private readonly double[] _norms;
        private readonly Dictionary<int, float> _weights = [];

        public OfLists(SparseIndex index, ReadOnlySpan<RankedItem> items)
        {
            (_index, _rows, _norms) = (index, new int[items.Length], new double[items.Length]);
            using var hold = index.Lists.Rows.Memory.Hold();
            for (var i = 0; i < items.Length; i++)
            {
                _rows[i] = items[i].Row;
                index.Lists.Of(_rows[i], out var weights);
                _norms[i] = Math.Sqrt(TensorPrimitives.SumOfSquares(weights));
            }
        }

        public override void To(int item, Span<float> likeness)
        {
            using var hold = _index.Lists.Rows.Memory.Hold();
            var own = _index.Lists.Of(_rows[item], out var ownWeights);
            _weights.Clear();
            for (var i = 0; i < own.Length; i++)
            {
                _weights[own[i]] = ownWeights[i];
            }

            for (var other = 0; other < _rows.Length; other++)
            {
                var rows = _index.Lists.Of(_rows[other], out var weights);
                var product = 0.0;
                for (var i = 0; i < rows.Length; i++)
                {
                    product += _weights.GetValueOrDefault(rows[i]) * (double)weights[i];
                }

                likeness[other] = _norms[item] > 0 && _norms[other] > 0 ? (float)(product / (_norms[item] * _norms[other])) : 0;
            }
        }

        public override void Dispose()
        {
        }
    }
}

using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// EASE, "Embarrassingly Shallow Autoencoders for Sparse Data" (Steck, 2019): the linear item-to-item model without weights from an item to itself, in closed
/// form, B = I − P·diag(1 / diag P) with P = (XᵀX + λI)⁻¹. The order within histories does not matter to it, unless <see cref="ItemToItemModel.Decay"/> says so.
/// </summary>
public sealed class EaseModel : DenseItemModel
{
    /// <inheritdoc/>
    private protected override LinearSystem Prepare(Histories histories) => new System(histories.Distinct());

    private sealed class System(Histories had) : LinearSystem
    {
        private const int Range = 16;

        public override void FillGram(float[] gram)
        {
            var places = new ItemPlaces(had);
            var count = had.ItemCount;
            Parallelism.ForRanges(count, Range, (from, to) =>
            {
                for (var item = from; item < to; item++)
                {
                    var row = gram.AsSpan(item * count, count);
                    foreach (var query in places.QueriesOf(item))
                    {
                        foreach (var other in had.Of(query))
                        {
                            row[other]++;
                        }
                    }
                }
            });
        }

        public override int FillRightSides(Span<float> columns, int first, int width)
        {
            for (var i = 0; i < width; i++)
            {
                columns[((first + i) * width) + i] = 1;
            }

            return first;
        }

        // Columns of P: −P[i, j] / P[j, j], and 0 for i = j.
        public override void Finish(Span<float> columns, int first, int width)
        {
            var scales = new float[width];
            for (var i = 0; i < width; i++)
            {
                scales[i] = -1 / columns[((first + i) * width) + i];
            }

            for (var row = 0; row < had.ItemCount; row++)
            {
                var own = columns.Slice(row * width, width);
                global::System.Numerics.Tensors.TensorPrimitives.Multiply(own, scales, own);
                if (row >= first && row < first + width)
                {
                    own[row - first] = 0;
                }
            }
        }
    }
}

using System.Numerics.Tensors;

namespace DotRec.Kernels;

/// <summary>
/// The backward pass of one head of a group. With the probabilities p computed again: dV += pᵀ·dO, ds = p ∘ (dO·Vᵀ − (dO·O)) (with the factors m of a
/// dropout dV += (m ∘ p)ᵀ·dO, ds = p ∘ (m ∘ dO·Vᵀ − (dO·O))), dQ = ds·K/√d, dK += dsᵀ·Q/√d.
/// Gradients of keys and values are summed over the tiles in order.
/// </summary>
internal static unsafe class AttentionGradients<TKernel, TRow>
    where TKernel : struct, IGemmKernel
    where TRow : struct, ISoftmaxRowKernel
{
    public static void Run(in AttentionHead head)
    {
        if (head.Count == 0)
        {
            return;
        }

        // A register tile of sums may reach beyond the last position.
        var sumLength = (long)(head.Count + TKernel.TileRows) * head.PaddedWidth;
        var rowsLength = AttentionHead.TileRows * (long)head.PaddedWidth;
        var pads = head.PaddedWidth != head.Width;
        using var starts = new Scratch(head.Count);
        using var keys = new Scratch(AttentionTile<TKernel, TRow>.PackedLength(head));
        using var values = new Scratch(AttentionTile<TKernel, TRow>.PackedLength(head));
        using var padded = new Scratch(pads ? (long)head.Count * head.PaddedWidth : 0);
        using var keySums = new Scratch(sumLength);
        using var valueSums = new Scratch(sumLength);
        using var probabilities = new Scratch(AttentionHead.TileRows * (long)head.LogitStride);
        using var slopes = new Scratch(AttentionHead.TileRows * (long)head.LogitStride);
        using var factors = new Scratch(head.Drops ? head.LogitStride : 0);
        using var queries = new Scratch(rowsLength);
        using var seeds = new Scratch(rowsLength);
        using var result = new Scratch(rowsLength);
        var firstOf = (int*)starts.Pointer;
        head.WriteStarts(firstOf);
        AttentionTile<TKernel, TRow>.Pack(head, head.Keys, keys.Pointer);
        AttentionTile<TKernel, TRow>.Pack(head, head.Values, values.Pointer);
        if (pads)
        {
            head.CopyRows(head.Keys, head.InputStride, head.Count, head.Count, 1f, padded.Pointer);
        }

        new Span<float>(keySums.Pointer, (int)sumLength).Clear();
        new Span<float>(valueSums.Pointer, (int)sumLength).Clear();
        var (keyRows, stride) = pads ? ((nint)padded.Pointer, head.PaddedWidth) : ((nint)head.Keys, head.InputStride);
        for (var first = 0; first < head.Count; first += AttentionHead.TileRows)
        {
            var tile = new AttentionTile<TKernel, TRow>(head, firstOf, first);
            head.CopyRows(head.Queries + (first * head.InputStride), head.InputStride, tile.Rows, tile.AllRows, head.Scale, queries.Pointer);
            head.CopyRows(head.OutputGradient + (first * head.OutputStride), head.OutputStride, tile.Rows, tile.AllRows, 1f, seeds.Pointer);
            tile.MultiplyPacked(queries.Pointer, keys.Pointer, probabilities.Pointer);
            tile.MultiplyPacked(seeds.Pointer, values.Pointer, slopes.Pointer);
            for (var row = 0; row < tile.Rows; row++)
            {
                var visible = tile.Masked(probabilities.Pointer, row, firstOf[first + row]);
                TRow.ExpSum(visible, tile.PaddedEnd - tile.Begin, head.LogSum(first + row));
                var mean = TensorPrimitives.Dot(
                    new ReadOnlySpan<float>(seeds.Pointer + (row * head.PaddedWidth), head.Width),
                    new ReadOnlySpan<float>(head.Output + ((first + row) * head.OutputStride), head.Width));
                var slope = new Span<float>(slopes.Pointer + (row * head.LogitStride) + tile.Begin, tile.End - tile.Begin);
                if (head.Drops)
                {
                    // Of the weight before the dropout, so that its factor stands at dO·v, and not at the mean, which has it already.
                    tile.Drop(row, firstOf[first + row], slopes.Pointer + (row * head.LogitStride) + tile.Begin, factors.Pointer);
                }

                TensorPrimitives.AddMultiply(slope, -mean, new ReadOnlySpan<float>(visible, slope.Length), slope);
                if (head.Drops)
                {
                    tile.Multiply(row, firstOf[first + row], visible, factors.Pointer);
                }
            }

            tile.ClearAround(probabilities.Pointer);
            tile.ClearAround(slopes.Pointer);
            tile.AddTransposed(probabilities.Pointer, seeds.Pointer, valueSums.Pointer);
            tile.AddTransposed(slopes.Pointer, queries.Pointer, keySums.Pointer);
            tile.MultiplyLines(slopes.Pointer, (float*)keyRows, stride, result.Pointer);
            for (var row = 0; row < tile.Rows; row++)
            {
                tile.Write(result.Pointer, row, head.Scale, head.Gradient(0), head.InputStride);
            }
        }

        for (var position = 0; position < head.Count; position++)
        {
            Copy(keySums.Pointer + (position * (nint)head.PaddedWidth), head.Width, head.Gradient(1) + (position * head.InputStride));
            Copy(valueSums.Pointer + (position * (nint)head.PaddedWidth), head.Width, head.Gradient(2) + (position * head.InputStride));
        }
    }

    private static void Copy(float* source, int length, float* target) => new ReadOnlySpan<float>(source, length).CopyTo(new Span<float>(target, length));
}

namespace DotRec.Kernels;

/// <summary>The forward pass of one head of a group: logits, softmax and attended values of 24 rows while they are near the processor.</summary>
internal static unsafe class AttentionValues<TKernel, TRow>
    where TKernel : struct, IGemmKernel
    where TRow : struct, ISoftmaxRowKernel
{
    public static void Run(in AttentionHead head)
    {
        if (head.Count == 0)
        {
            return;
        }

        var pads = head.PaddedWidth != head.Width;
        using var starts = new Scratch(head.Count);
        using var keys = new Scratch(AttentionTile<TKernel, TRow>.PackedLength(head));
        using var padded = new Scratch(pads ? (long)head.Count * head.PaddedWidth : 0);
        using var logits = new Scratch(AttentionHead.TileRows * (long)head.LogitStride);
        using var queries = new Scratch(AttentionHead.TileRows * (long)head.PaddedWidth);
        using var factors = new Scratch(head.Drops ? head.LogitStride : 0);
        using var result = new Scratch(AttentionHead.TileRows * (long)head.PaddedWidth);
        var firstOf = (int*)starts.Pointer;
        var sums = stackalloc float[AttentionHead.TileRows];
        head.WriteStarts(firstOf);
        AttentionTile<TKernel, TRow>.Pack(head, head.Keys, keys.Pointer);
        if (pads)
        {
            head.CopyRows(head.Values, head.InputStride, head.Count, head.Count, 1f, padded.Pointer);
        }

        var (values, stride) = pads ? ((nint)padded.Pointer, head.PaddedWidth) : ((nint)head.Values, head.InputStride);
        for (var first = 0; first < head.Count; first += AttentionHead.TileRows)
        {
            var tile = new AttentionTile<TKernel, TRow>(head, firstOf, first);
            head.CopyRows(head.Queries + (first * head.InputStride), head.InputStride, tile.Rows, tile.AllRows, head.Scale, queries.Pointer);
            tile.MultiplyPacked(queries.Pointer, keys.Pointer, logits.Pointer);
            for (var row = 0; row < tile.Rows; row++)
            {
                var visible = tile.Masked(logits.Pointer, row, firstOf[first + row]);
                var maximum = TRow.Max(visible, tile.PaddedEnd - tile.Begin);
                sums[row] = TRow.ExpSum(visible, tile.PaddedEnd - tile.Begin, maximum);
                head.LogSum(first + row) = maximum + MathF.Log(sums[row]);
                if (head.Drops)
                {
                    tile.Drop(row, firstOf[first + row], visible, factors.Pointer);
                }
            }

            tile.ClearAround(logits.Pointer);
            tile.MultiplyLines(logits.Pointer, (float*)values, stride, result.Pointer);
            for (var row = 0; row < tile.Rows; row++)
            {
                tile.Write(result.Pointer, row, 1f / sums[row], head.Output, head.OutputStride);
            }
        }
    }
}

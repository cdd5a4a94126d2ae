using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>An expression over rows, computed for all rows of a data set in blocks, so that memory follows the block and not the data.</summary>
internal static class RowBlocks
{
    /// <summary>The values of all rows, row-major; without gradients.</summary>
    public static float[] Compute(EncodedData data, Func<Batch, Tensor> forward, int blockRows, CancellationToken cancellationToken)
    {
        var rowCount = data.Features.RowCount;
        float[] values = [];
        using var gradients = Gradients.Off();
        for (var start = 0; start < rowCount; start += blockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = TensorScope.Begin();
            var rows = Enumerable.Range(start, Math.Min(blockRows, rowCount - start)).ToArray();
            var block = forward(new Batch(data, rows, ForwardContext.Inference));
            if (block.Rank == 0 || block.Shape[0] != rows.Length)
            {
                throw new InvalidOperationException($"The expression gives {block} for {rows.Length} rows; its first axis must be that of the rows.");
            }

            var width = block.Length / rows.Length;
            values = start == 0 ? new float[(long)rowCount * width] : values;
            block.Values.CopyTo(values.AsSpan(start * width));
        }

        return values;
    }
}

namespace DotRec.Kernels;

/// <summary>
/// The candidates in the two orders that the tiles read. Packed for the logits, with the column bias as one more step after the last
/// dimension: queries carry a 1 there, so the bias costs one multiply-add instead of a pass. Columns beyond N have the bias −∞. And row by
/// row for the queries' gradient, padded to whole register tiles (the caller's own memory when it needs no padding).
/// </summary>
internal static unsafe class SoftmaxCandidates<TKernel>
    where TKernel : struct, IGemmKernel
{
    public static long PackedLength(in SoftmaxOperands operands, in SoftmaxLayout layout) => (long)layout.PaddedColumns * (operands.Dimension + 1);

    public static void Pack(in SoftmaxOperands operands, in SoftmaxLayout layout, float* packed, float* padded) =>
        Parallelism.For(layout.PaddedColumns / SoftmaxLayout.ColumnMultiple, new Body(operands, layout, packed, padded));

    private readonly struct Body(SoftmaxOperands operands, SoftmaxLayout layout, float* packed, float* padded) : IParallelBody
    {
        public void Run(int part)
        {
            const int ColumnsPerPart = SoftmaxLayout.ColumnMultiple;
            int width = TKernel.TileColumns, dimension = operands.Dimension;
            for (var first = part * ColumnsPerPart; first < (part + 1) * ColumnsPerPart; first += width)
            {
                var panel = packed + ((nint)first * (dimension + 1));
                var columns = Math.Clamp(operands.Columns - first, 0, width);
                GemmPacking.PackPanel(operands.Candidates + ((nint)first * dimension), dimension, 1, columns, dimension, width, panel);
                var bias = new Span<float>(panel + ((nint)dimension * width), width);
                bias.Fill(float.NegativeInfinity);
                if (operands.ColumnBias is null)
                {
                    bias[..columns].Clear();
                }
                else
                {
                    new ReadOnlySpan<float>(operands.ColumnBias + first, columns).CopyTo(bias);
                }

                if (padded is not null)
                {
                    Pad(first, columns);
                }
            }
        }

        private void Pad(int first, int columns)
        {
            for (var j = first; j < first + columns; j++)
            {
                var row = new Span<float>(padded + ((nint)j * layout.PaddedDimension), layout.PaddedDimension);
                new ReadOnlySpan<float>(operands.Candidates + ((nint)j * operands.Dimension), operands.Dimension).CopyTo(row);
                row[operands.Dimension..].Clear();
            }
        }
    }
}

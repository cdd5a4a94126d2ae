namespace DotRec.Kernels;

/// <summary>
/// The product without packing, for a B that is not transposed: small operands, few rows, or narrow results, where packing would cost as
/// much as multiplying. The tile walks both operands where they lie.
/// </summary>
internal static unsafe class DirectGemm<TKernel>
    where TKernel : struct, IGemmKernel
{
    private const long WorkPerPart = 1 << 19;

    private const int FewestRowsForTile = 4;

    // Up to this many values B stays in the second-level cache while rows of A pass: measured in benchmarks/results.
    private const long SmallB = 1 << 16;

    /// <summary>Whether packing would not pay.</summary>
    public static bool Fits(in GemmOperands operands) =>
        operands.BColumn == 1 && (operands.M < 3 * TKernel.TileRows || (long)operands.K * operands.N <= SmallB || operands.N <= 2 * TKernel.TileColumns);

    public static void Run(in GemmOperands operands)
    {
        var work = (long)operands.M * operands.N * operands.K;
        if (work < 2 * WorkPerPart)
        {
            Block(operands);
            return;
        }

        // By rows when there are enough of them, else by columns.
        var parts = (int)Math.Min(work / WorkPerPart, 64);
        var byRows = operands.M >= 2 * TKernel.TileRows;
        var (lines, tile) = byRows ? (operands.M, TKernel.TileRows) : (operands.N, TKernel.TileColumns);
        var linesPerPart = GemmBlocking.Ceiling(GemmBlocking.Ceiling(lines, tile), parts) * tile;
        Parallelism.For(GemmBlocking.Ceiling(lines, linesPerPart), new Body(operands, byRows, linesPerPart));
    }

    private static void Block(GemmOperands block)
    {
        var steps = block.K;
        for (var first = 0; first < steps; first += GemmBlocking.StepsPerBlock)
        {
            block.K = Math.Min(GemmBlocking.StepsPerBlock, steps - first);
            Steps(block);
            block.A += block.K * block.AStep;
            block.B += block.K * block.BStep;
            block.Accumulate = true;
        }
    }

    private static void Steps(in GemmOperands block)
    {
        int tileRows = TKernel.TileRows, tileColumns = TKernel.TileColumns;
        var tiledRows = block.M - (block.M % tileRows);
        var tiledColumns = block.N - (block.N % tileColumns);
        for (var j = 0; j < tiledColumns; j += tileColumns)
        {
            for (var i = 0; i < tiledRows; i += tileRows)
            {
                TKernel.StridedTile(
                    block.A + (i * block.ARow), block.ARow, block.AStep, block.B + j, block.BStep, block.K, block.C + (i * block.Ldc) + j, block.Ldc, block.Accumulate);
            }
        }

        if (tiledRows > 0 && tiledColumns < block.N)
        {
            LastColumns(block, tiledRows, tiledColumns);
        }

        if (block.M - tiledRows >= FewestRowsForTile)
        {
            LastRows(block, tiledRows);
            return;
        }

        for (var i = tiledRows; i < block.M; i++)
        {
            TKernel.Row(block.A + (i * block.ARow), block.AStep, block.B, block.BStep, block.K, block.C + (i * block.Ldc), block.N, block.Accumulate);
        }
    }

    // A tile of full width would read beyond B: its last columns are packed, with zeros beside them.
    private static void LastColumns(in GemmOperands block, int rows, int firstColumn)
    {
        int tileRows = TKernel.TileRows, tileColumns = TKernel.TileColumns, columns = block.N - firstColumn;
        var edge = stackalloc float[tileRows * tileColumns];
        using var panel = new Scratch((long)tileColumns * block.K);
        GemmPacking.Pack(block.B + firstColumn, 1, block.BStep, columns, block.K, tileColumns, panel.Pointer);
        for (var i = 0; i < rows; i += tileRows)
        {
            TKernel.StridedTile(block.A + (i * block.ARow), block.ARow, block.AStep, panel.Pointer, tileColumns, block.K, edge, tileColumns, accumulate: false);
            GemmBlocking.AddEdge(edge, tileColumns, tileRows, columns, block.C + (i * block.Ldc) + firstColumn, block.Ldc, block.Accumulate);
        }
    }

    // Too few rows for a tile: packed with zeros beneath them, they still use each value of B for all rows at once.
    private static void LastRows(in GemmOperands block, int firstRow)
    {
        int tileRows = TKernel.TileRows, tileColumns = TKernel.TileColumns, rows = block.M - firstRow;
        var edge = stackalloc float[tileRows * tileColumns];
        using var panel = new Scratch((long)tileRows * block.K);
        GemmPacking.Pack(block.A + (firstRow * block.ARow), block.ARow, block.AStep, rows, block.K, tileRows, panel.Pointer);
        var c = block.C + (firstRow * block.Ldc);
        var j = 0;
        for (; j + tileColumns <= block.N; j += tileColumns)
        {
            TKernel.StridedTile(panel.Pointer, 1, tileRows, block.B + j, block.BStep, block.K, edge, tileColumns, accumulate: false);
            GemmBlocking.AddEdge(edge, tileColumns, rows, tileColumns, c + j, block.Ldc, block.Accumulate);
        }

        for (var i = 0; i < rows && j < block.N; i++)
        {
            TKernel.Row(panel.Pointer + i, tileRows, block.B + j, block.BStep, block.K, c + (i * block.Ldc) + j, block.N - j, block.Accumulate);
        }
    }

    private readonly struct Body(GemmOperands operands, bool byRows, int linesPerPart) : IParallelBody
    {
        public void Run(int part)
        {
            var block = operands;
            var first = part * linesPerPart;
            if (byRows)
            {
                block.A += first * block.ARow;
                block.C += first * block.Ldc;
                block.M = Math.Min(linesPerPart, block.M - first);
            }
            else
            {
                block.B += first;
                block.C += first;
                block.N = Math.Min(linesPerPart, block.N - first);
            }

            Block(block);
        }
    }
}

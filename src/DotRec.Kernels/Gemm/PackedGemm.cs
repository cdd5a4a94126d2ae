namespace DotRec.Kernels;

/// <summary>
/// The blocked product for large matrices (Goto and van de Geijn, 2008). The summed axis is cut into blocks; in each, the narrower
/// operand is packed once and shared, and blocks of the longer one are packed by the part that multiplies them.
/// </summary>
internal static unsafe class PackedGemm<TKernel>
    where TKernel : struct, IGemmKernel
{
    public static void Run(in GemmOperands operands)
    {
        var byRows = operands.M >= operands.N;
        var (sharedLines, sharedWidth) = byRows ? (operands.N, TKernel.TileColumns) : (operands.M, TKernel.TileRows);
        var sharedPanels = GemmBlocking.Ceiling(sharedLines, sharedWidth);
        using var shared = new Scratch((long)sharedPanels * sharedWidth * Math.Min(operands.K, GemmBlocking.StepsPerBlock));
        for (var first = 0; first < operands.K; first += GemmBlocking.StepsPerBlock)
        {
            var block = operands;
            block.A += first * operands.AStep;
            block.B += first * operands.BStep;
            block.K = Math.Min(GemmBlocking.StepsPerBlock, operands.K - first);
            block.Accumulate |= first > 0;
            var panelsPerPart = Math.Max(1, GemmBlocking.PackedValuesPerPart / (sharedWidth * block.K));
            Parallelism.For(GemmBlocking.Ceiling(sharedPanels, panelsPerPart), new PackBody(block, byRows, panelsPerPart, shared.Pointer));
            if (byRows)
            {
                var rows = GemmBlocking.LinesPerPart(operands.M, TKernel.TileRows, GemmBlocking.RowsPerPart);
                Parallelism.For(GemmBlocking.Ceiling(operands.M, rows), new RowsBody(block, rows, shared.Pointer));
            }
            else
            {
                var columns = GemmBlocking.LinesPerPart(operands.N, TKernel.TileColumns, GemmBlocking.ColumnsPerPart);
                Parallelism.For(GemmBlocking.Ceiling(operands.N, columns), new ColumnsBody(block, columns, shared.Pointer));
            }
        }
    }

    // All tiles of packed panels of A times packed panels of B. One panel of B stays in the first-level cache while A streams past it.
    private static void Tiles(float* a, float* b, int rows, int columns, int k, float* c, nint ldc, bool accumulate)
    {
        int tileRows = TKernel.TileRows, tileColumns = TKernel.TileColumns;
        var edge = stackalloc float[tileRows * tileColumns];
        for (var j = 0; j < columns; j += tileColumns)
        {
            var panel = a;
            for (var i = 0; i < rows; i += tileRows)
            {
                var target = c + (i * ldc) + j;
                if (rows - i >= tileRows && columns - j >= tileColumns)
                {
                    TKernel.PackedTile(panel, b, k, target, ldc, accumulate);
                }
                else
                {
                    TKernel.PackedTile(panel, b, k, edge, tileColumns, accumulate: false);
                    GemmBlocking.AddEdge(edge, tileColumns, Math.Min(tileRows, rows - i), Math.Min(tileColumns, columns - j), target, ldc, accumulate);
                }

                panel += (nint)tileRows * k;
            }

            b += (nint)tileColumns * k;
        }
    }

    private readonly struct PackBody(GemmOperands block, bool packB, int panelsPerPart, float* shared) : IParallelBody
    {
        public void Run(int part)
        {
            var width = packB ? TKernel.TileColumns : TKernel.TileRows;
            var firstLine = part * panelsPerPart * width;
            var lines = Math.Min(panelsPerPart * width, (packB ? block.N : block.M) - firstLine);
            var source = packB ? block.B : block.A;
            var (lineStride, stepStride) = packB ? (block.BColumn, block.BStep) : (block.ARow, block.AStep);
            GemmPacking.Pack(source + (firstLine * lineStride), lineStride, stepStride, lines, block.K, width, shared + ((nint)firstLine * block.K));
        }
    }

    private readonly struct RowsBody(GemmOperands block, int rowsPerPart, float* packedB) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * rowsPerPart;
            var rows = Math.Min(rowsPerPart, block.M - first);
            using var packedA = new Scratch((long)GemmBlocking.Ceiling(rows, TKernel.TileRows) * TKernel.TileRows * block.K);
            GemmPacking.Pack(block.A + (first * block.ARow), block.ARow, block.AStep, rows, block.K, TKernel.TileRows, packedA.Pointer);
            Tiles(packedA.Pointer, packedB, rows, block.N, block.K, block.C + (first * block.Ldc), block.Ldc, block.Accumulate);
        }
    }

    private readonly struct ColumnsBody(GemmOperands block, int columnsPerPart, float* packedA) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * columnsPerPart;
            var columns = Math.Min(columnsPerPart, block.N - first);
            using var packedB = new Scratch((long)GemmBlocking.Ceiling(columns, TKernel.TileColumns) * TKernel.TileColumns * block.K);
            GemmPacking.Pack(block.B + (first * block.BColumn), block.BColumn, block.BStep, columns, block.K, TKernel.TileColumns, packedB.Pointer);
            Tiles(packedA, packedB.Pointer, block.M, columns, block.K, block.C + first, block.Ldc, block.Accumulate);
        }
    }
}

namespace DotRec.Kernels;

/// <summary>
/// The blocked product (Goto and van de Geijn, 2008; Van Zee and van de Geijn, 2015). The summed axis is cut into blocks whose panel of B
/// fits the first-level cache. B is packed where its tiles are not in order in memory; A is read in place, which costs less than packing
/// it, except where its stride would map all lines of a tile to the same few cache sets.
/// </summary>
internal static unsafe class BlockedGemm<TKernel>
    where TKernel : struct, IGemmKernel
{
    private const int MostLooseRows = 3;

    public static void Run(in GemmOperands operands)
    {
        // Rows share a packed B; columns pack their own part of it, which pays when A is the shorter side.
        var byRows = operands.M >= operands.N || operands.N <= 2 * TKernel.TileColumns;
        if (byRows && GemmBlocking.PacksB(operands, TKernel.TileRows, TKernel.TileColumns))
        {
            RunSharingB(operands);
            return;
        }

        var parts = GemmBlocking.PartsWanted(operands);
        var linesPerPart = byRows
            ? GemmBlocking.LinesPerPart(operands.M, TKernel.TileRows, parts, int.MaxValue)
            : GemmBlocking.LinesPerPart(operands.N, TKernel.TileColumns, parts, GemmBlocking.ColumnsPerPart);
        Parallelism.For(GemmBlocking.Ceiling(byRows ? operands.M : operands.N, linesPerPart), new OwnBody(operands, byRows, linesPerPart));
    }

    /// <summary>The whole product on the calling thread, for callers that are parts of something larger.</summary>
    public static void RunAlone(in GemmOperands operands) => new OwnBody(operands, byRows: true, operands.M).Run(0);

    private static void RunSharingB(in GemmOperands operands)
    {
        var rows = GemmBlocking.LinesPerPart(operands.M, TKernel.TileRows, GemmBlocking.PartsWanted(operands, sharesB: true), GemmBlocking.RowsPerPart);
        var width = TKernel.TileColumns;
        var panels = GemmBlocking.Ceiling(operands.N, width);
        var steps = GemmBlocking.StepsOfBlock(operands.K);
        using var packed = new Scratch((long)panels * width * steps);
        for (var first = 0; first < operands.K; first += steps)
        {
            var block = operands.Steps(first, Math.Min(steps, operands.K - first));
            var panelsPerPart = Math.Max(1, GemmBlocking.PackedValuesPerPart / (width * block.K));
            Parallelism.For(GemmBlocking.Ceiling(panels, panelsPerPart), new PackBody(block, panelsPerPart * width, packed.Pointer));
            Parallelism.For(GemmBlocking.Ceiling(block.M, rows), new SharedBody(block, rows, packed.Pointer));
        }
    }

    // One block of the summed axis with B ready: A in place or packed, then all tiles.
    private static void Multiply(in GemmOperands block, in GemmLines b)
    {
        var width = TKernel.TileRows;
        if (GemmBlocking.Conflicts(block.ARow == 1 ? block.AStep : block.ARow))
        {
            using var packed = new Scratch((long)GemmBlocking.Ceiling(block.M, width) * width * block.K);
            GemmPacking.Pack(block.A, block.ARow, block.AStep, block.M, block.K, width, packed.Pointer);
            Tiles(block, GemmLines.Packed(packed.Pointer, block.K, width), b);
            return;
        }

        using var last = new Scratch((long)width * block.K);
        Tiles(block, GemmLines.InPlace(block.A, block.ARow, block.AStep, block.M, block.K, width, last.Pointer), b);
    }

    // A panel of B stays in the first-level cache while A passes.
    private static void Tiles(in GemmOperands block, in GemmLines a, in GemmLines b)
    {
        int tileRows = TKernel.TileRows, tileColumns = TKernel.TileColumns;
        var edge = stackalloc float[tileRows * tileColumns];
        for (var j = 0; j < block.N; j += tileColumns)
        {
            var bStep = b.IsLast(j) ? tileColumns : b.StepStride;
            for (var i = 0; i < block.M; i += tileRows)
            {
                var (aRow, aStep) = a.IsLast(i) ? (1, tileRows) : (a.LineStride, a.StepStride);
                var c = block.C + (i * block.Ldc) + j;
                if (block.M - i >= tileRows && block.N - j >= tileColumns)
                {
                    TKernel.Tile(a.Tile(i), aRow, aStep, b.Tile(j), bStep, block.K, c, block.Ldc, block.Accumulate);
                }
                else
                {
                    TKernel.Tile(a.Tile(i), aRow, aStep, b.Tile(j), bStep, block.K, edge, tileColumns, accumulate: false);
                    GemmBlocking.AddEdge(
                        edge, tileColumns, Math.Min(tileRows, block.M - i), Math.Min(tileColumns, block.N - j), c, block.Ldc, block.Accumulate);
                }
            }
        }
    }

    private readonly struct PackBody(GemmOperands block, int columnsPerPart, float* packed) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * columnsPerPart;
            GemmPacking.Pack(
                block.B + (first * block.BColumn), block.BColumn, block.BStep, Math.Min(columnsPerPart, block.N - first), block.K, TKernel.TileColumns,
                packed + ((nint)first * block.K));
        }
    }

    private readonly struct SharedBody(GemmOperands block, int rowsPerPart, float* packedB) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * rowsPerPart;
            Multiply(block.Rows(first, Math.Min(rowsPerPart, block.M - first)), GemmLines.Packed(packedB, block.K, TKernel.TileColumns));
        }
    }

    private readonly struct OwnBody(GemmOperands operands, bool byRows, int linesPerPart) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * linesPerPart;
            var own = byRows
                ? operands.Rows(first, Math.Min(linesPerPart, operands.M - first))
                : operands.Columns(first, Math.Min(linesPerPart, operands.N - first));
            var width = TKernel.TileColumns;
            var packs = GemmBlocking.PacksB(operands, TKernel.TileRows, width);
            var steps = GemmBlocking.StepsOfBlock(own.K);
            using var panels = new Scratch((long)width * (packs ? GemmBlocking.Ceiling(own.N, width) : 1) * steps);
            for (var step = 0; step < own.K; step += steps)
            {
                var block = own.Steps(step, Math.Min(steps, own.K - step));
                if (packs)
                {
                    GemmPacking.Pack(block.B, block.BColumn, block.BStep, block.N, block.K, width, panels.Pointer);
                    Multiply(block, GemmLines.Packed(panels.Pointer, block.K, width));
                }
                else
                {
                    MultiplyInPlace(block, panels.Pointer);
                }
            }
        }

        // A few rows that fill no tile are multiplied one by one: a tile would mostly multiply zeros.
        private static void MultiplyInPlace(in GemmOperands block, float* lastColumns)
        {
            var rest = block.M % TKernel.TileRows;
            var tiled = rest <= MostLooseRows ? block.M - rest : block.M;
            if (tiled > 0)
            {
                Multiply(block.Rows(0, tiled), GemmLines.InPlace(block.B, 1, block.BStep, block.N, block.K, TKernel.TileColumns, lastColumns));
            }

            for (var i = tiled; i < block.M; i++)
            {
                TKernel.Row(block.A + (i * block.ARow), block.AStep, block.B, block.BStep, block.K, block.C + (i * block.Ldc), block.N, block.Accumulate);
            }
        }
    }
}

namespace DotRec.Kernels;

/// <summary>The product of very few rows with a B that is not transposed: each row of A scales and adds rows of B, where everything lies.</summary>
internal static unsafe class RowGemm<TKernel>
    where TKernel : struct, IGemmKernel
{
    private const int MostRows = 3;

    public static bool Fits(in GemmOperands operands) => operands is { M: <= MostRows, BColumn: 1 };

    public static void Run(in GemmOperands operands)
    {
        var columnsPerPart = GemmBlocking.LinesPerPart(operands.N, 8 * TKernel.TileColumns, GemmBlocking.PartsWanted(operands), int.MaxValue);
        Parallelism.For(GemmBlocking.Ceiling(operands.N, columnsPerPart), new Body(operands, columnsPerPart));
    }

    private readonly struct Body(GemmOperands operands, int columnsPerPart) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * columnsPerPart;
            var own = operands.Columns(first, Math.Min(columnsPerPart, operands.N - first));
            for (var step = 0; step < own.K; step += GemmBlocking.StepsPerBlock)
            {
                var block = own.Steps(step, Math.Min(GemmBlocking.StepsPerBlock, own.K - step));
                for (var i = 0; i < block.M; i++)
                {
                    TKernel.Row(block.A + (i * block.ARow), block.AStep, block.B, block.BStep, block.K, block.C + (i * block.Ldc), block.N, block.Accumulate);
                }
            }
        }
    }
}

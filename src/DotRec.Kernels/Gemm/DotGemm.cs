namespace DotRec.Kernels;

/// <summary>The product of a few rows with a transposed B: inner products of rows that lie densely, B read once for each row of A.</summary>
internal static unsafe class DotGemm<TPairSum>
    where TPairSum : struct, IPairSumKernel
{
    private const int MostRows = 3;
    private const int WorkPerPart = 1 << 18;

    /// <summary>Whether there are few rows and both operands are dense along the summed axis.</summary>
    public static bool Fits(in GemmOperands operands) =>
        operands.M <= MostRows && operands is { BStep: 1, BColumn: not 1 } && (operands.AStep == 1 || operands.M == 0);

    public static void Run(in GemmOperands operands)
    {
        var columnsPerPart = Math.Max(64, WorkPerPart / operands.K);
        Parallelism.For(GemmBlocking.Ceiling(operands.N, columnsPerPart), new Body(operands, columnsPerPart));
    }

    private readonly struct Body(GemmOperands operands, int columnsPerPart) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * columnsPerPart;
            var end = Math.Min(operands.N, first + columnsPerPart);
            for (var j = first; j < end; j++)
            {
                for (var i = 0; i < operands.M; i++)
                {
                    var sum = TPairSum.Sum<ProductTerm>(in operands.A[i * operands.ARow], in operands.B[j * operands.BColumn], (nuint)operands.K);
                    ref var value = ref operands.C[(i * operands.Ldc) + j];
                    value = operands.Accumulate ? value + sum : sum;
                }
            }
        }
    }
}

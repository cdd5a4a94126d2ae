using System.Numerics.Tensors;

namespace DotRec.Kernels;

/// <summary>
/// A product with a small result and a long summed axis, such as the gradient of a layer's weights over a batch: parts take steps instead of
/// rows, so that A and B are read once each, and their results are added in order.
/// </summary>
internal static unsafe class SplitGemm<TKernel>
    where TKernel : struct, IGemmKernel
{
    // Two blocks of steps: the fixed cut makes the sums the same at any thread count.
    private const int StepsPerPart = 2 * GemmBlocking.StepsPerBlock;
    private const int MostResults = 1 << 14;

    public static bool Fits(in GemmOperands operands) => operands.K >= 2 * StepsPerPart && (long)operands.M * operands.N <= MostResults;

    public static void Run(in GemmOperands operands)
    {
        var parts = GemmBlocking.Ceiling(operands.K, StepsPerPart);
        using var partials = new Scratch((long)parts * operands.M * operands.N);
        Parallelism.For(parts, new Body(operands, partials.Pointer));
        for (var i = 0; i < operands.M; i++)
        {
            var row = new Span<float>(operands.C + (i * operands.Ldc), operands.N);
            if (!operands.Accumulate)
            {
                row.Clear();
            }

            for (var part = 0; part < parts; part++)
            {
                TensorPrimitives.Add(row, new ReadOnlySpan<float>(partials.Pointer + ((((nint)part * operands.M) + i) * operands.N), operands.N), row);
            }
        }
    }

    private readonly struct Body(GemmOperands operands, float* partials) : IParallelBody
    {
        public void Run(int part)
        {
            var first = part * StepsPerPart;
            BlockedGemm<TKernel>.RunAlone(operands.Steps(first, Math.Min(StepsPerPart, operands.K - first)) with
            {
                C = partials + ((nint)part * operands.M * operands.N),
                Ldc = operands.N,
                Accumulate = false,
            });
        }
    }
}

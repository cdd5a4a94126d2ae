namespace DotRec.Kernels;

/// <summary>Causal self-attention over sequences of any lengths: products and softmax by tiles, without the [T, T] matrix in memory.</summary>
/// <remarks>
/// Source: Dao, 2023, "FlashAttention-2": probabilities are computed again in the backward pass from the logarithm of each row's sum. About 2·D operations for
/// each pair of positions forwards and 5·D backwards; memory for 24 rows of logits and the copied keys of one group of sequences a thread. The same bits at any
/// thread count: sequences are cut into groups by their lengths alone. NaN and infinities spread within a group, so they surface.
/// </remarks>
internal static class CausalAttentionKernels
{
    /// <summary>The attended values, and what the backward pass needs.</summary>
    /// <param name="batch">What to compute; every length is checked.</param>
    /// <param name="output">o: [P, D], overwritten.</param>
    /// <param name="logSums">[P, H], overwritten: the logarithm of the sum of the exponentials of each row's logits.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together.</exception>
    public static void Compute(in CausalAttentionBatch batch, Span<float> output, Span<float> logSums)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Compute<GemmAvx512, SoftmaxRowAvx512>(batch, output, logSums);
                break;
            case InstructionSet.Avx2:
                Compute<GemmAvx2, SoftmaxRowAvx2>(batch, output, logSums);
                break;
            default:
                Compute<GemmPortable, SoftmaxRowPortable>(batch, output, logSums);
                break;
        }
    }

    /// <summary>The gradient of a loss with respect to queries, keys and values.</summary>
    /// <param name="batch">As for <see cref="Compute(in CausalAttentionBatch, Span{float}, Span{float})"/>.</param>
    /// <param name="output">What that wrote.</param>
    /// <param name="logSums">What that wrote.</param>
    /// <param name="outputGradient">[P, D].</param>
    /// <param name="gradient">[P, 3·D], overwritten.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together.</exception>
    public static void Differentiate(
        in CausalAttentionBatch batch, ReadOnlySpan<float> output, ReadOnlySpan<float> logSums, ReadOnlySpan<float> outputGradient, Span<float> gradient)
    {
        switch (KernelSelection.Current)
        {
            case InstructionSet.Avx512:
                Differentiate<GemmAvx512, SoftmaxRowAvx512>(batch, output, logSums, outputGradient, gradient);
                break;
            case InstructionSet.Avx2:
                Differentiate<GemmAvx2, SoftmaxRowAvx2>(batch, output, logSums, outputGradient, gradient);
                break;
            default:
                Differentiate<GemmPortable, SoftmaxRowPortable>(batch, output, logSums, outputGradient, gradient);
                break;
        }
    }

    public static unsafe void Compute<TKernel, TRow>(in CausalAttentionBatch batch, Span<float> output, Span<float> logSums)
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        batch.Check();
        Require.Matrix(output, batch.Positions, batch.Dimension, nameof(output));
        Require.Matrix(logSums, batch.Positions, batch.Heads, nameof(logSums));
        using var groups = new SequenceGroups(batch.Offsets);
        fixed (float* inputs = batch.QueriesKeysValues, o = output, sums = logSums)
        fixed (int* offsets = batch.Offsets, firsts = groups.FirstSequences)
        {
            var operands = new CausalAttentionOperands(inputs, offsets, o, sums, null, null, batch.Dimension, batch.Heads, batch.Dropout);
            Parallelism.For(groups.Count * batch.Heads, new ValueBody<TKernel, TRow>(operands, firsts));
        }
    }

    public static unsafe void Differentiate<TKernel, TRow>(
        in CausalAttentionBatch batch, ReadOnlySpan<float> output, ReadOnlySpan<float> logSums, ReadOnlySpan<float> outputGradient, Span<float> gradient)
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        batch.Check();
        Require.Matrix(output, batch.Positions, batch.Dimension, nameof(output));
        Require.Matrix(logSums, batch.Positions, batch.Heads, nameof(logSums));
        Require.Matrix(outputGradient, batch.Positions, batch.Dimension, nameof(outputGradient));
        Require.Matrix(gradient, batch.Positions, 3 * batch.Dimension, nameof(gradient));
        using var groups = new SequenceGroups(batch.Offsets);
        fixed (float* inputs = batch.QueriesKeysValues, o = output, sums = logSums, seed = outputGradient, target = gradient)
        fixed (int* offsets = batch.Offsets, firsts = groups.FirstSequences)
        {
            var operands = new CausalAttentionOperands(inputs, offsets, o, sums, seed, target, batch.Dimension, batch.Heads, batch.Dropout);
            Parallelism.For(groups.Count * batch.Heads, new GradientBody<TKernel, TRow>(operands, firsts));
        }
    }

    private readonly unsafe struct ValueBody<TKernel, TRow>(CausalAttentionOperands operands, int* firsts) : IParallelBody
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        public void Run(int part)
        {
            var (group, head) = (part / operands.Heads, part % operands.Heads);
            AttentionValues<TKernel, TRow>.Run(new AttentionHead(operands, firsts[group], firsts[group + 1], head, TKernel.TileColumns));
        }
    }

    private readonly unsafe struct GradientBody<TKernel, TRow>(CausalAttentionOperands operands, int* firsts) : IParallelBody
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        public void Run(int part)
        {
            var (group, head) = (part / operands.Heads, part % operands.Heads);
            AttentionGradients<TKernel, TRow>.Run(new AttentionHead(operands, firsts[group], firsts[group + 1], head, TKernel.TileColumns));
        }
    }
}

namespace DotRec.Kernels;

/// <summary>Softmax cross-entropy over the candidates of a batch: loss and both gradients in one pass, without the [B, N] logits in memory.</summary>
internal static class InBatchSoftmaxKernels
{
    /// <summary>The loss, and its gradients with respect to queries and candidates.</summary>
    /// <param name="batch">What to compute; every length is checked.</param>
    /// <param name="queryGradient">[B, D], overwritten. Both gradients empty: only the loss is computed.</param>
    /// <param name="candidateGradient">[N, D], overwritten.</param>
    /// <returns>
    /// The sum over rows, 0 for no rows. Not finite when any logit that counts is NaN or +∞, or a positive's is −∞: bad values surface here.
    /// </returns>
    /// <exception cref="ArgumentException">Lengths do not fit together, or a positive or a list leads outside the columns.</exception>
    /// <remarks>
    /// About 6·B·N·D operations and one exponential for each logit; memory for 24 rows of logits a thread and up to 16 copies of the
    /// candidates' gradient. The same bits at any thread count: rows are cut into tiles and groups of tiles by the shape alone.
    /// </remarks>
    public static double Compute(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient) =>
        Compute(batch, queryGradient, candidateGradient, default);

    /// <param name="batch">What to compute; every length is checked.</param>
    /// <param name="queryGradient">[B, D], overwritten. All gradients empty: only the loss is computed.</param>
    /// <param name="candidateGradient">[N, D], overwritten.</param>
    /// <param name="positiveGradient">[B, D], overwritten; empty without <see cref="InBatchSoftmaxBatch.OwnPositives"/>.</param>
    /// <inheritdoc cref="Compute(in InBatchSoftmaxBatch, Span{float}, Span{float})"/>
    public static double Compute(
        in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient, Span<float> positiveGradient) => KernelSelection.Current switch
        {
            InstructionSet.Avx512 => Compute<GemmAvx512, SoftmaxRowAvx512>(batch, queryGradient, candidateGradient, positiveGradient),
            InstructionSet.Avx2 => Compute<GemmAvx2, SoftmaxRowAvx2>(batch, queryGradient, candidateGradient, positiveGradient),
            _ => Compute<GemmPortable, SoftmaxRowPortable>(batch, queryGradient, candidateGradient, positiveGradient),
        };

    public static double Compute<TKernel, TRow>(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient)
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel => Compute<TKernel, TRow>(batch, queryGradient, candidateGradient, default);

    public static unsafe double Compute<TKernel, TRow>(
        in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient, Span<float> positiveGradient)
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        batch.Check(queryGradient, candidateGradient, positiveGradient);
        if (batch.Rows == 0)
        {
            candidateGradient.Clear();
            return 0;
        }

        // An absent part is an empty span, and an empty span is a null pointer here.
        fixed (float* queries = batch.Queries, candidates = batch.Candidates, columnBias = batch.ColumnBias, positiveBias = batch.PositiveBias,
            weights = batch.Weights, own = batch.OwnPositives)
        fixed (int* positives = batch.Positives, next = batch.NextEqualColumn, leftOut = batch.LeftOut)
        fixed (float* dq = queryGradient, dc = candidateGradient, dp = positiveGradient)
        {
            return FusedSoftmax<TKernel, TRow>.Run(new SoftmaxOperands
            {
                Queries = queries,
                Candidates = candidates,
                Positives = positives,
                ColumnBias = columnBias,
                PositiveBias = positiveBias,
                Weights = weights,
                NextEqualColumn = next,
                OwnPositives = own,
                LeftOut = leftOut,
                QueryGradient = dq,
                CandidateGradient = dc,
                PositiveGradient = dp,
                InverseTemperature = batch.InverseTemperature,
                Rows = batch.Rows,
                Columns = batch.Columns,
                Dimension = batch.Dimension,
            });
        }
    }
}

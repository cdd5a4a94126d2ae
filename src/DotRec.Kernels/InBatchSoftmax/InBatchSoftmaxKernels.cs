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
    public static double Compute(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient) => KernelSelection.Current switch
    {
        InstructionSet.Avx512 => Compute<GemmAvx512, SoftmaxRowAvx512>(batch, queryGradient, candidateGradient),
        InstructionSet.Avx2 => Compute<GemmAvx2, SoftmaxRowAvx2>(batch, queryGradient, candidateGradient),
        _ => Compute<GemmPortable, SoftmaxRowPortable>(batch, queryGradient, candidateGradient),
    };

    public static unsafe double Compute<TKernel, TRow>(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient)
        where TKernel : struct, IGemmKernel
        where TRow : struct, ISoftmaxRowKernel
    {
        batch.Check(queryGradient, candidateGradient);
        if (batch.Rows == 0)
        {
            candidateGradient.Clear();
            return 0;
        }

        // An absent part is an empty span, and an empty span is a null pointer here.
        fixed (float* queries = batch.Queries, candidates = batch.Candidates, columnBias = batch.ColumnBias, positiveBias = batch.PositiveBias,
            weights = batch.Weights)
        fixed (int* positives = batch.Positives, next = batch.NextEqualColumn)
        fixed (float* dq = queryGradient, dc = candidateGradient)
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
                QueryGradient = dq,
                CandidateGradient = dc,
                InverseTemperature = batch.InverseTemperature,
                Rows = batch.Rows,
                Columns = batch.Columns,
                Dimension = batch.Dimension,
            });
        }
    }
}

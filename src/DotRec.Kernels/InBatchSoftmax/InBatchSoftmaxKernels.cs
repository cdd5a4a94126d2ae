namespace DotRec.Kernels;

/// <summary>Softmax cross-entropy over the candidates of a batch: loss and both gradients in one pass, without the [B, N] logits in memory.</summary>
internal static class InBatchSoftmaxKernels
{
    /// <summary>The loss, and its gradients with respect to queries and candidates.</summary>
    /// <param name="batch">What to compute; every length is checked.</param>
    /// <param name="queryGradient">[B, D], overwritten. Both gradients empty: only the loss is computed.</param>
    /// <param name="candidateGradient">[N, D], overwritten.</param>
    /// <returns>The sum over rows. Not finite when any logit that counts is NaN or +∞, or the positive's is −∞: bad values surface here.</returns>
    /// <exception cref="ArgumentException">Lengths do not fit together, or a positive or a list leads outside the columns.</exception>
    /// <remarks>The same bits at any thread count: rows are cut into tiles and groups of tiles by B alone, partial sums are added in order.</remarks>
    public static double Compute(in InBatchSoftmaxBatch batch, Span<float> queryGradient, Span<float> candidateGradient)
    {
        int d = batch.Dimension, b = batch.Queries.Length / d, n = batch.Candidates.Length / d;
        queryGradient.Clear();
        candidateGradient.Clear();
        var loss = 0.0;
        var logits = new double[n];
        for (var i = 0; i < b; i++)
        {
            var q = batch.Queries.Slice(i * d, d);
            var positive = batch.Positives.IsEmpty ? i : batch.Positives[i];
            for (var j = 0; j < n; j++)
            {
                var bias = j == positive && !batch.PositiveBias.IsEmpty ? batch.PositiveBias[j] : batch.ColumnBias.IsEmpty ? 0 : batch.ColumnBias[j];
                logits[j] = ((double)DotKernels.Dot(q, batch.Candidates.Slice(j * d, d)) * batch.InverseTemperature) + bias;
            }

            if (!batch.NextEqualColumn.IsEmpty)
            {
                for (var j = batch.NextEqualColumn[positive]; j != positive; j = batch.NextEqualColumn[j])
                {
                    logits[j] = double.NegativeInfinity;
                }
            }

            var maximum = double.NegativeInfinity;
            for (var j = 0; j < n; j++)
            {
                maximum = Math.Max(maximum, logits[j]);
            }

            var z = 0.0;
            for (var j = 0; j < n; j++)
            {
                z += Math.Exp(logits[j] - maximum);
            }

            var weight = batch.Weights.IsEmpty ? 1 : batch.Weights[i];
            loss += weight * (Math.Log(z) + maximum - logits[positive]);
            if (queryGradient.IsEmpty)
            {
                continue;
            }

            for (var j = 0; j < n; j++)
            {
                var g = (float)(weight * batch.InverseTemperature * ((Math.Exp(logits[j] - maximum) / z) - (j == positive ? 1 : 0)));
                AxpyKernels.Axpy(g, batch.Candidates.Slice(j * d, d), queryGradient.Slice(i * d, d));
                AxpyKernels.Axpy(g, q, candidateGradient.Slice(j * d, d));
            }
        }

        return loss;
    }
}

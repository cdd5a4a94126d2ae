using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The retrieval loss without the [Q, C] scores in memory, for the cases that need none of them afterwards. Same value and gradients as
/// <see cref="CandidateLogits"/> and <see cref="SoftmaxCrossEntropy"/> give, up to rounding.
/// </summary>
internal static class FusedRetrievalLoss
{
    /// <summary>Candidate i is the positive of query i.</summary>
    public static Tensor Compute(Tensor queries, Tensor candidates, RetrievalInputs inputs, float temperature, bool removeAccidentalHits)
    {
        var bias = Corrections(inputs.SamplingProbability.Span);
        var next = Array.Empty<int>();
        if (removeAccidentalHits)
        {
            next = new int[candidates.Shape[0]];
            EqualColumns.Link(inputs.CandidateIds!.Codes, next);
        }

        return Run(queries, candidates, new InBatchSoftmaxBatch
        {
            Queries = queries.Values,
            Candidates = candidates.Values,
            Dimension = queries.Shape[1],
            InverseTemperature = 1 / temperature,
            ColumnBias = bias,
            Weights = inputs.SampleWeight.Span,
            NextEqualColumn = next,
        });
    }

    /// <summary>
    /// Each item of the batch once. A column that stands for n equal ones gets log n: exp(s + log n) = n · exp(s). With accidental hits
    /// removed, a row's positive counts once, so it gets no log n; else it does, and only the score in the loss itself is free of it.
    /// </summary>
    public static Tensor Compute(
        Tensor queries, Tensor candidates, UniqueCandidates unique, ReadOnlyMemory<float> weights, ReadOnlyMemory<float> probabilities, float temperature, bool removeAccidentalHits)
    {
        var once = probabilities.IsEmpty ? new float[unique.Counts.Length] : Corrections(probabilities.Span);
        var repeated = new float[once.Length];
        for (var i = 0; i < once.Length; i++)
        {
            repeated[i] = once[i] + MathF.Log(unique.Counts[i]);
        }

        double difference = 0;
        if (!removeAccidentalHits)
        {
            for (var row = 0; row < unique.Positives.Length; row++)
            {
                difference += (weights.IsEmpty ? 1 : weights.Span[row]) * Math.Log(unique.Counts[unique.Positives[row]]);
            }
        }

        return Run(
            queries,
            candidates,
            new InBatchSoftmaxBatch
            {
                Queries = queries.Values,
                Candidates = candidates.Values,
                Dimension = queries.Shape[1],
                InverseTemperature = 1 / temperature,
                Positives = unique.Positives,
                ColumnBias = repeated,
                PositiveBias = removeAccidentalHits ? once : default,
                Weights = weights.Span,
            },
            difference);
    }

    private static Tensor Run(Tensor queries, Tensor candidates, in InBatchSoftmaxBatch batch, double difference = 0)
    {
        if (!Gradients.AreOn)
        {
            return Tensor.Precomputed((float)(InBatchSoftmaxKernels.Compute(batch, default, default) + difference));
        }

        var queryGradient = Tensor.Zeros(queries.Shape);
        var candidateGradient = Tensor.Zeros(candidates.Shape);
        var loss = InBatchSoftmaxKernels.Compute(batch, queryGradient.WritableValues(), candidateGradient.WritableValues());
        return Tensor.Precomputed((float)(loss + difference), (queries, queryGradient), (candidates, candidateGradient));
    }

    private static float[] Corrections(ReadOnlySpan<float> probabilities)
    {
        var corrections = new float[probabilities.Length];
        SamplingProbabilityCorrection.Write(probabilities, corrections);
        return corrections;
    }
}

using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Subtracts log p from every candidate's column (the "logQ" correction; Bengio and Senécal, 2008; Yi et al., 2019). Candidates drawn from
/// the batch appear in proportion to their popularity; without the correction the model learns to score popular items too low.
/// </summary>
public static class SamplingProbabilityCorrection
{
    /// <summary>Probabilities below this count as this: −ln 1e-6 = 13.8 is the largest correction, as in TFRS.</summary>
    public const float SmallestProbability = 1e-6f;

    /// <summary>Corrects the scores.</summary>
    /// <param name="logits">Scores, after the temperature.</param>
    /// <param name="probabilities">Sampling probability of each candidate, shape [C], in 0 … 1.</param>
    /// <exception cref="ArgumentException">The length is not C, or a probability is not in 0 … 1.</exception>
    public static CandidateLogits Apply(CandidateLogits logits, ReadOnlySpan<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Check(probabilities, logits.CandidateCount, smallest: 0);
        var corrections = new float[probabilities.Length];
        Write(probabilities, corrections);
        return logits.With(logits.Values + Tensor.From(corrections, 1, corrections.Length));
    }

    /// <summary>−ln p of every candidate.</summary>
    internal static void Write(ReadOnlySpan<float> probabilities, Span<float> corrections)
    {
        for (var i = 0; i < probabilities.Length; i++)
        {
            corrections[i] = -MathF.Log(Math.Max(probabilities[i], SmallestProbability));
        }
    }

    internal static void Check(ReadOnlySpan<float> probabilities, int candidateCount, float smallest)
    {
        if (probabilities.Length != candidateCount)
        {
            throw new ArgumentException(
                $"There are {probabilities.Length} sampling probabilities for {candidateCount} candidates. Give one a candidate, in the order of the candidates.");
        }

        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= smallest && probabilities[i] <= 1))
            {
                throw new ArgumentException(
                    $"The sampling probability of candidate {i} is {probabilities[i]}; a probability is above 0 and at most 1. Divide counts by their sum.");
            }
        }
    }
}

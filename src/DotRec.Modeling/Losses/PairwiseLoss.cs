namespace DotRec.Modeling;

/// <summary>
/// A loss over the pairs of a list whose labels differ: Σ wᵢ · φ(sᵢ − sⱼ) over all i, j with yᵢ > yⱼ, divided by the number of examples of the
/// list as in TF-Ranking, whose mean is over examples. Equal labels are not compared. A subclass is one of your own φ. Cost: O(L²) for a list of L.
/// </summary>
public abstract class PairwiseLoss : ListLoss
{
    /// <summary>φ and its derivative at the difference of the better example's score and the worse one's. NaN gives NaN.</summary>
    protected abstract (double Loss, double Slope) Of(double difference);

    /// <inheritdoc/>
    protected internal sealed override double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<double> slopes)
    {
        double sum = 0;
        for (var better = 0; better < scores.Length; better++)
        {
            var scale = (double)weights[better] / scores.Length;
            for (var worse = 0; worse < scores.Length; worse++)
            {
                if (labels[better] > labels[worse])
                {
                    var (loss, slope) = Of(scores[better] - scores[worse]);
                    sum += scale * loss;
                    slopes[better] += scale * slope;
                    slopes[worse] -= scale * slope;
                }
            }
        }

        return sum;
    }
}

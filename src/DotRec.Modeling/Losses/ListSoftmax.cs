namespace DotRec.Modeling;

/// <summary>
/// Softmax cross-entropy over a list: Σ wᵢ yᵢ (ln Σⱼ exp sⱼ − sᵢ). ListNet's top-one loss (Cao et al., 2007) with the labels themselves as weights of
/// the target, not normalised, as in TF-Ranking: lists of larger labels count more. It bounds NDCG with linear gains (Bruch et al., 2019). All labels
/// 0: no loss. Cost: O(L).
/// </summary>
public sealed class ListSoftmax : ListLoss
{
    /// <inheritdoc/>
    protected internal override double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<double> slopes)
    {
        var normalizer = new LogSum();
        foreach (var score in scores)
        {
            normalizer.Add(score);
        }

        var logarithm = normalizer.Value;
        double loss = 0, total = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            var share = (double)weights[i] * labels[i];
            loss += share * (logarithm - scores[i]);
            total += share;
        }

        for (var i = 0; i < scores.Length; i++)
        {
            slopes[i] = (total * Math.Exp(scores[i] - logarithm)) - ((double)weights[i] * labels[i]);
        }

        return loss;
    }
}

namespace DotRec.Modeling;

/// <summary>
/// ln(1 + exp(sⱼ − sᵢ)) for every pair in which i is the more relevant: RankNet (Burges et al., 2005) with certain preferences, and BPR when labels are
/// 0 and 1. See <see cref="PairwiseLoss"/> for weights and scale.
/// </summary>
public sealed class PairwiseLogistic : PairwiseLoss
{
    /// <inheritdoc/>
    protected override (double Loss, double Slope) Of(double difference)
    {
        var small = Math.Exp(-Math.Abs(difference));
        return (Math.Max(0, -difference) + Math.Log(1 + small), difference >= 0 ? -small / (1 + small) : -1 / (1 + small));
    }
}

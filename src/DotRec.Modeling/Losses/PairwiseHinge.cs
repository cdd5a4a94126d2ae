namespace DotRec.Modeling;

/// <summary>
/// max(0, 1 − (sᵢ − sⱼ)) for every pair in which i is the more relevant: it wants a margin of 1 between them. Herbrich, Graepel and Obermayer, 2000;
/// Joachims, 2002. See <see cref="PairwiseLoss"/> for weights and scale.
/// </summary>
public sealed class PairwiseHinge : PairwiseLoss
{
    // A NaN score must reach the loss: NaN < 1 is false, so the comparison asks for the opposite.
    /// <inheritdoc/>
    protected override (double Loss, double Slope) Of(double difference) => difference >= 1 ? (0, 0) : (1 - difference, -1);
}

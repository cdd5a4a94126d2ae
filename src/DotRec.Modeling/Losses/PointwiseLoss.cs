namespace DotRec.Modeling;

/// <summary>What a <see cref="Ranking"/> task minimises for one example with prediction p and label y.</summary>
public enum PointwiseLoss
{
    /// <summary>
    /// −y · ln p − (1 − y) · ln(1 − p) for probabilities p, clipped to 1e-7 … 1 − 1e-7 as in Keras: TFRS' default. A prediction that is clipped
    /// has no gradient, so prefer <see cref="BinaryCrossEntropyOfLogits"/> in models of your own. y in 0 … 1.
    /// </summary>
    BinaryCrossEntropy,

    /// <summary>The same for logits, p = 1 / (1 + e⁻ˣ): exact and with a gradient everywhere. y in 0 … 1.</summary>
    BinaryCrossEntropyOfLogits,

    /// <summary>(p − y)².</summary>
    SquaredError,
}

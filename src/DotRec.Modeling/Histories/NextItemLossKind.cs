namespace DotRec.Modeling;

/// <summary>How a position's next item is told from others.</summary>
public enum NextItemLossKind
{
    /// <summary>
    /// Softmax cross-entropy: of the next item against the others together, all of the catalogue or the negatives of the step ("sampled softmax", Jean et al., 2015). The default.
    /// </summary>
    Softmax,

    /// <summary>
    /// gBCE (Petrov and Macdonald, 2023, "gSASRec: Reducing Overconfidence in Sequential Recommendation Trained with Negative Sampling"): a yes or no for each
    /// item by itself, where the next item's probability is raised to the power β, so that few negatives do not make every score too large.
    /// <see cref="HistoryNetworkOptions.Calibration"/> decides β.
    /// </summary>
    GeneralizedBinaryCrossEntropy,
}

namespace DotRec.Modeling;

/// <summary>What the predictions of a <see cref="PointwiseLoss"/> are.</summary>
public enum PredictionKind
{
    /// <summary>A number on the scale of the labels, such as a rating.</summary>
    Number,

    /// <summary>A probability.</summary>
    Probability,

    /// <summary>The logit x of a probability 1 / (1 + e⁻ˣ): shown and served as the probability.</summary>
    Logit,
}

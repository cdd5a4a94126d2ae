namespace DotRec.Modeling;

/// <summary>How a <see cref="CrossMixtureOfExperts"/> weighs its experts, from one number x · g + c an expert.</summary>
public enum ExpertGate
{
    /// <summary>Shares that add up to 1: the experts compete.</summary>
    Softmax,

    /// <summary>Each between 0 and 1 on its own.</summary>
    Sigmoid,
}

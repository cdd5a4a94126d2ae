namespace DotRec.Modeling;

/// <summary>How <see cref="Fields.Of"/> brings numbers to the network.</summary>
public enum NumberScale
{
    /// <summary>
    /// Column by column: by its logarithm when the numbers are skewed (skewness beyond ±2, as counts and amounts are) and their signed
    /// logarithms are not; else as it is. (Adult's capital gains, nearly all 0, predict better as they are; Criteo's counts by the logarithm.)
    /// </summary>
    Automatic,

    /// <summary>(x − mean) / deviation.</summary>
    Linear,

    /// <summary>The same of sign(x) · ln(1 + |x|).</summary>
    Logarithmic,
}

namespace DotRec.Conformance.Tests;

/// <summary>Error bounds of float32 arithmetic (Higham, 2002, section 3.1).</summary>
internal static class Rounding
{
    /// <summary>Half the distance from 1 to the next float32.</summary>
    public const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>γₙ: the bound on the relative error of n roundings in a row.</summary>
    public static double Gamma(int n) => n * UnitRoundoff / (1 - (n * UnitRoundoff));
}

namespace DotRec.Modeling;

/// <summary>One summand of a <see cref="Loss"/>.</summary>
/// <param name="Mean">Its mean per example, weight included.</param>
/// <param name="Count">Number of its examples.</param>
internal readonly record struct LossTerm(double Mean, long Count);

/// <summary>The summands that a name was given to.</summary>
internal sealed record LossPart(string Name, LossTerm[] Terms);

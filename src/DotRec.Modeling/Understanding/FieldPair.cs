namespace DotRec.Modeling;

/// <summary>How strongly two fields are crossed.</summary>
/// <param name="First">The field that comes first in x0.</param>
/// <param name="Second">The other one, or the same.</param>
/// <param name="Strength">√(norm(first, second)² + norm(second, first)²): a product's weight may lie in either block or in both. The block's norm where both fields are one.</param>
public sealed record FieldPair(string First, string Second, double Strength);

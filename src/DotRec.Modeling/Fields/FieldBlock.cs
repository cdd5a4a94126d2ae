namespace DotRec.Modeling;

/// <summary>Where a field lies among the inputs x0 of a network.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Offset">Its first number in x0.</param>
/// <param name="Width">How many numbers it has there.</param>
public sealed record FieldBlock(string Name, int Offset, int Width);

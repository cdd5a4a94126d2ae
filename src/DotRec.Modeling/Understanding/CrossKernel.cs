namespace DotRec.Modeling;

/// <summary>What one cross layer multiplies with, see <see cref="CrossWeights"/>.</summary>
/// <param name="Name">The layer's name in reports.</param>
/// <param name="Values">W, shape [d, d], row-major: entry (i, j) is how strongly input i enters the factor of input j.</param>
public sealed record CrossKernel(string Name, ReadOnlyMemory<float> Values);

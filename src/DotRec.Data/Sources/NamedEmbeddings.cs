namespace DotRec.Data;

/// <summary>Vectors of equal width, with or without names.</summary>
public sealed class NamedEmbeddings
{
    internal NamedEmbeddings(string[]? names, int dimension, float[] values)
    {
        Names = names;
        Dimension = dimension;
        Values = values;
    }

    /// <summary>Number of vectors, N.</summary>
    public int Count => Values.Length / Dimension;

    /// <summary>Width of a vector, D.</summary>
    public int Dimension { get; }

    /// <summary>One name a vector, not necessarily different; null when the file has none.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>Shape [N, D], row-major.</summary>
    public ReadOnlyMemory<float> Values { get; }
}

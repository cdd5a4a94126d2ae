namespace DotRec.Indexing;

/// <summary>How a query embedding and an item embedding make a score. Bigger is better, always.</summary>
public enum ScoreFunction
{
    /// <summary>Inner product.</summary>
    Dot,

    /// <summary>Inner product of the unit-length vectors; a zero vector scores 0.</summary>
    Cosine,

    /// <summary>Squared Euclidean distance with a minus sign.</summary>
    NegatedSquaredL2,
}

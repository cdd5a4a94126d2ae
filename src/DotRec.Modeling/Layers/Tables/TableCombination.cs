namespace DotRec.Modeling;

/// <summary>How a <see cref="QuotientRemainderEmbedding"/> joins its two vectors.</summary>
public enum TableCombination
{
    /// <summary>Value by value, the paper's best. Takes one category a row.</summary>
    Multiply,

    /// <summary>Value by value.</summary>
    Add,

    /// <summary>Side by side, each half as wide.</summary>
    Concatenate,
}

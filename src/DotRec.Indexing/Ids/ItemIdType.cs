namespace DotRec.Indexing;

/// <summary>What the ids of an index are.</summary>
public enum ItemIdType
{
    /// <summary>Text, compared code point by code point (ordinal, case matters).</summary>
    String,

    /// <summary>64-bit integers.</summary>
    Int64,
}

namespace DotRec.Indexing;

/// <summary>How an approximate index stores the rows that give its candidates their final scores.</summary>
public enum RescoringFormat
{
    /// <summary>As given, 4 bytes a value: final scores are exact.</summary>
    Float32,

    /// <summary>2 bytes a value: scores within 2^-8 of exact, relative to the lengths of the vectors.</summary>
    Bfloat16,

    /// <summary>1 byte a value.</summary>
    Int8,
}

namespace DotRec.Indexing;

/// <summary>How an approximate index stores the rows that give its candidates their final scores.</summary>
public enum RescoringFormat
{
    /// <summary>As given, 4 bytes a value: final scores are exact.</summary>
    Float32,

    /// <summary>2 bytes a value: scores within 2^-8 of exact, relative to the lengths of the vectors.</summary>
    Bfloat16,

    /// <summary>
    /// 1 byte a value, relative to the mean of near items, and 4 bytes an item and up to a quarter more for these means: each value
    /// is within 1/254 of the greatest value that its item and the mean differ in.
    /// </summary>
    Int8,
}

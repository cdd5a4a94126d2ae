namespace DotRec.Data;

/// <summary>Element type of a feature column.</summary>
public enum ColumnType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>64-bit signed integers.</summary>
    Int64,

    /// <summary>32-bit floats; NaN is a missing number.</summary>
    Float32,

    /// <summary>64-bit floats; NaN is a missing number. For times, and for numbers of more digits than 32 bits hold.</summary>
    Float64,
}

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

    /// <summary>64-bit floats, for numbers of more than seven digits such as times with fractions of a second; NaN is a missing number.</summary>
    Float64,
}

namespace DotRec.Data;

/// <summary>Element type of a feature column.</summary>
public enum ColumnType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>64-bit signed integers.</summary>
    Int64,

    /// <summary>32-bit floats.</summary>
    Float32,
}

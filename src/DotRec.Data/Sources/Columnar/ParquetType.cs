namespace DotRec.Data;

/// <summary>Types that Parquet stores values as.</summary>
internal enum ParquetType
{
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    ByteArray,
    FixedLengthByteArray,
}

/// <summary>What stored values stand for, whether the file says it in the present or the former way.</summary>
internal enum ParquetMeaning
{
    /// <summary>What is stored, and nothing else.</summary>
    None,
    Text,
    Map,
    List,
    Decimal,
    Date,

    /// <summary>Time of the day.</summary>
    Time,
    Timestamp,
    Integer,
    UnsignedInteger,

    /// <summary>No value in any row.</summary>
    Null,
    Uuid,
    Float16,

    /// <summary>Intervals, BSON, and all that later versions of the format add.</summary>
    Other,
}

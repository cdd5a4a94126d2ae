namespace DotRec.Serving;

/// <summary>Element type of a raw feature.</summary>
public enum QueryFeatureType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>64-bit signed integers; every smaller integer type is accepted.</summary>
    Int64,

    /// <summary>32-bit floats; doubles and integers are accepted. NaN and infinity are refused.</summary>
    Float32,
}

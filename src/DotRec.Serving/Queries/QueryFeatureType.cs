namespace DotRec.Serving;

/// <summary>Element type of a raw feature.</summary>
public enum QueryFeatureType
{
    /// <summary>Text.</summary>
    String,

    /// <summary>64-bit signed integers; every smaller integer type is accepted.</summary>
    Int64,

    /// <summary>32-bit floats; doubles and integers are accepted. NaN, or null for a feature with one value, means that the number is missing: preprocessing fills it in as in training.</summary>
    Float32,

    /// <summary>64-bit floats; all other numbers are accepted. NaN, or null for a feature with one value, means that the number is missing.</summary>
    Float64,
}

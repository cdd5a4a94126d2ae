namespace DotRec.Cli;

/// <summary>What a column is, where its type alone does not tell.</summary>
internal enum FeatureKind
{
    /// <summary>Text to be split into words.</summary>
    Text,

    /// <summary>A list in one field, its values divided by '|'.</summary>
    List,

    /// <summary>Whole numbers to calculate with.</summary>
    Number,
}

namespace DotRec.Pipelines;

/// <summary>What a column is, where its type alone does not tell.</summary>
public enum FeatureKind
{
    /// <summary>Text to be split into words.</summary>
    Text,

    /// <summary>A list in one field, its values divided by '|'.</summary>
    List,

    /// <summary>Numbers to calculate with.</summary>
    Number,

    /// <summary>Values to look up, whole numbers among them.</summary>
    Category,
}

namespace DotRec.Serving;

/// <summary>One raw feature a model reads: what a caller must pass under this name.</summary>
/// <param name="Name">Name of the feature, compared ordinally.</param>
/// <param name="Type">Element type.</param>
/// <param name="IsList">True when a query holds a list of values of any length, zero included.</param>
public sealed record QueryFeature(string Name, QueryFeatureType Type, bool IsList = false)
{
    /// <inheritdoc/>
    public override string ToString() => IsList ? $"{Name}: {Type}[]" : $"{Name}: {Type}";
}

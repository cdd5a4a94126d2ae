namespace DotRec.Pipelines;

/// <summary>Which index a bundle holds.</summary>
public enum ItemIndexKind
{
    /// <summary>By the number of items.</summary>
    Auto,

    /// <summary>Always the best items.</summary>
    BruteForce,

    /// <summary>Nearly always the best items, faster.</summary>
    Scann,
}

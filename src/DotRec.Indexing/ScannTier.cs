namespace DotRec.Indexing;

/// <summary>What an approximate index searches before it rescores.</summary>
public enum ScannTier
{
    /// <summary>Chosen by the number of items.</summary>
    Auto,

    /// <summary>All items, 2 bits a dimension.</summary>
    FlatPq,

    /// <summary>The items of the partitions nearest to the query, 2 bits a dimension.</summary>
    Tree,
}

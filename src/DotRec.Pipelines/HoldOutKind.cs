namespace DotRec.Pipelines;

/// <summary>How rows to hold out of training are chosen.</summary>
public enum HoldOutKind
{
    /// <summary>Rows drawn at random.</summary>
    Random,

    /// <summary>The latest rows.</summary>
    Latest,

    /// <summary>The last row of each query.</summary>
    LastOfEach,

    /// <summary>All rows of some items: an item cold-start split.</summary>
    ColdItems,

    /// <summary>All rows of some queries: a user cold-start split.</summary>
    ColdQueries,

    /// <summary>No rows: all train, and nothing is measured.</summary>
    None,
}

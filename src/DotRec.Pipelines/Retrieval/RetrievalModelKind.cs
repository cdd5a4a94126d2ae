namespace DotRec.Pipelines;

/// <summary>Which model a <see cref="RetrievalPipeline"/> makes.</summary>
public enum RetrievalModelKind
{
    /// <summary>The best of all the others, by validation rows.</summary>
    Auto,

    /// <summary>Two towers: embeddings of queries and items with all their features.</summary>
    TwoTower,

    /// <summary>What was chosen most often, of all time or lately.</summary>
    Popularity,

    /// <summary>Items that the same queries had.</summary>
    ItemKnn,

    /// <summary>What came after the items of a history.</summary>
    SequentialRules,

    /// <summary>A linear model of which items go together.</summary>
    Ease,

    /// <summary>A linear model of what comes next.</summary>
    ItemTransition,

    /// <summary>Matrix factorization by alternating least squares.</summary>
    Ials,

    /// <summary>Bayesian personalized ranking: a factorization that learns orders of pairs. Not tried by <see cref="Auto"/>.</summary>
    Bpr,

    /// <summary>A network of attention over what a query had.</summary>
    SasRec,

    /// <summary>The best of the models of embeddings with the best of the models from item to item: their scores on one scale, added.</summary>
    Blend,
}

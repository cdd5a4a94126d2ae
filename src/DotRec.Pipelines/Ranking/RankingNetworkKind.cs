using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>The networks that a <see cref="RankingPipeline"/> trains.</summary>
public enum RankingNetworkKind
{
    /// <summary>
    /// Regression, wide and deep, deep and cross and field-aware networks are tried, and compared on validation rows; the best is trained on all training rows.
    /// </summary>
    Auto,

    /// <summary>Cross layers, then deep ones: <see cref="DeepCrossNetwork"/>.</summary>
    DeepCross,

    /// <summary>Cross layers and deep ones side by side: <see cref="DeepCrossNetwork"/>.</summary>
    ParallelDeepCross,

    /// <summary>Products of embeddings: <see cref="Modeling.Dlrm"/>.</summary>
    Dlrm,

    /// <summary>A linear part beside deep layers: <see cref="Modeling.WideAndDeep"/>.</summary>
    WideAndDeep,

    /// <summary>Products of the vectors that categories have for each other's fields, and deep layers over them: <see cref="FieldAwareNetwork"/>.</summary>
    FieldAware,

    /// <summary>Deep layers alone: <see cref="MlpNetwork"/>.</summary>
    Mlp,

    /// <summary>Logistic regression, or linear where labels are numbers: <see cref="LogisticRegression"/>.</summary>
    Logistic,
}

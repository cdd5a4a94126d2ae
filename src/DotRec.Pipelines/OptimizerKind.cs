namespace DotRec.Pipelines;

/// <summary>How weights are updated.</summary>
public enum OptimizerKind
{
    /// <summary><see cref="Modeling.Adagrad"/>.</summary>
    Adagrad,

    /// <summary><see cref="Modeling.Adam"/>.</summary>
    Adam,

    /// <summary><see cref="Modeling.Sgd"/>.</summary>
    Sgd,
}

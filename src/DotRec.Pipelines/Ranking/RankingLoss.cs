namespace DotRec.Pipelines;

/// <summary>What a ranking model minimises.</summary>
public enum RankingLoss
{
    /// <summary>By the label: two values are classes, more numbers a rating.</summary>
    Auto,

    /// <summary>Cross-entropy, for labels of two classes: the model predicts the probability of the positive one.</summary>
    LogLoss,

    /// <summary>Squared error, for labels that are numbers: the model predicts the number.</summary>
    Squared,
}

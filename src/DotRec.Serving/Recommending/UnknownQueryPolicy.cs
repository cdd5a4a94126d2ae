namespace DotRec.Serving;

/// <summary>What a query gets whose id the model has not seen in training.</summary>
public enum UnknownQueryPolicy
{
    /// <summary>The model's own answer for values out of its vocabulary, from the embedding row reserved for them.</summary>
    OutOfVocabulary,

    /// <summary>The most popular items of the training data; their score is the popularity.</summary>
    Popularity,
}

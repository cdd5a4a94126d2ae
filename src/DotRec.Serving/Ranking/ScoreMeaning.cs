namespace DotRec.Serving;

/// <summary>What the score of a ranking model is, beside that bigger is better.</summary>
public enum ScoreMeaning
{
    /// <summary>An order within one query's items and no more.</summary>
    Order,

    /// <summary>An estimate of the label: a rating, a count.</summary>
    Rating,

    /// <summary>The probability of the label 1.</summary>
    Probability,
}

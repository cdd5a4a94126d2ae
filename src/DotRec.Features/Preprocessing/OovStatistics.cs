namespace DotRec.Features;

/// <summary>How many values a vocabulary met and how many of them it lacks (they share row 0, the out-of-vocabulary row).</summary>
/// <param name="Values">Values met, elements of lists counted one by one.</param>
/// <param name="OutOfVocabulary">Those not in the vocabulary.</param>
public sealed record OovStatistics(long Values, long OutOfVocabulary)
{
    /// <summary>Share of values not in the vocabulary, 0 … 1; 0 when no value was met.</summary>
    public double OovRate => Values == 0 ? 0 : (double)OutOfVocabulary / Values;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{OutOfVocabulary} of {Values} values out of vocabulary ({OovRate:P2})");
}

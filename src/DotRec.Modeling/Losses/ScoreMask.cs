namespace DotRec.Modeling;

/// <summary>Leaves single cells out of the loss, for example items that were not available to a query.</summary>
public static class ScoreMask
{
    /// <summary>Leaves cells out.</summary>
    /// <param name="logits">Scores.</param>
    /// <param name="mask">Shape [Q, C], row-major; false leaves the cell out. Positives must stay.</param>
    /// <exception cref="ArgumentException">The length is not Q · C, or a positive is left out (a fully masked row included).</exception>
    public static CandidateLogits Apply(CandidateLogits logits, ReadOnlySpan<bool> mask)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (mask.Length != logits.QueryCount * logits.CandidateCount)
        {
            throw new ArgumentException(
                $"The score mask has {mask.Length} entries; {logits.QueryCount} queries times {logits.CandidateCount} candidates need {logits.QueryCount * logits.CandidateCount}.",
                nameof(mask));
        }

        for (var query = 0; query < logits.QueryCount; query++)
        {
            if (!mask[(query * logits.CandidateCount) + logits.Positives[query]])
            {
                throw new ArgumentException(
                    $"The score mask leaves out the positive of row {query} (column {logits.Positives[query]}), so the row has nothing to learn from. "
                    + "Keep positives in the mask, or drop the row, or give it sample weight 0.",
                    nameof(mask));
            }
        }

        return logits.Restrict(mask);
    }
}

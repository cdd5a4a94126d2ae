using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Leaves out of every row the candidates that are the row's positive item again: another example of the batch with the same item is no
/// negative. Other items the query is known to like stay negatives.
/// </summary>
public static class RemoveAccidentalHits
{
    /// <summary>Leaves the accidental hits out.</summary>
    /// <param name="logits">Scores.</param>
    /// <param name="candidateIds">The candidates' item ids, shape [C].</param>
    /// <exception cref="ArgumentException">The number of ids is not C.</exception>
    public static CandidateLogits Apply(CandidateLogits logits, CandidateIds candidateIds)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(candidateIds);
        Check(candidateIds, logits.CandidateCount);
        var next = new int[candidateIds.Count];
        EqualColumns.Link(candidateIds.Codes, next);
        var keep = new bool[logits.QueryCount * logits.CandidateCount];
        Array.Fill(keep, true);
        for (var query = 0; query < logits.QueryCount; query++)
        {
            var positive = logits.Positives[query];
            for (var column = next[positive]; column != positive; column = next[column])
            {
                keep[(query * logits.CandidateCount) + column] = false;
            }
        }

        return logits.Restrict(keep);
    }

    internal static void Check(CandidateIds ids, int candidateCount)
    {
        if (ids.Count != candidateCount)
        {
            throw new ArgumentException(
                $"There are {ids.Count} candidate ids for {candidateCount} candidates. Give one a candidate, those of extra negatives included.");
        }
    }
}

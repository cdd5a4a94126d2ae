using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Keeps of every row the positive and the negatives with the highest scores; of equal scores the lower column. Left-out cells stay out.</summary>
public sealed class HardNegativeMining
{
    /// <summary>Makes the layer.</summary>
    /// <param name="count">Negatives to keep a row; all are kept when a row has no more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1: the loss would be 0 and nothing would be learned.</exception>
    public HardNegativeMining(int count) => Count = count >= 1
        ? count
        : throw new ArgumentOutOfRangeException(
            nameof(count), count, "The number of hard negatives must be at least 1: without negatives the loss is 0 and training changes nothing. Use null to keep all.");

    /// <summary>Negatives to keep a row.</summary>
    public int Count { get; }

    /// <summary>Leaves the easier negatives out.</summary>
    public CandidateLogits Apply(CandidateLogits logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var width = logits.CandidateCount;
        if (Count >= width - 1)
        {
            return logits;
        }

        var keep = new bool[logits.QueryCount * width];
        Parallelism.ForRanges(logits.QueryCount, 16, (start, end) =>
        {
            var negatives = new int[width];
            for (var query = start; query < end; query++)
            {
                Mine(logits, query, negatives, keep.AsSpan(query * width, width));
            }
        });
        return logits.Restrict(keep);
    }

    private void Mine(CandidateLogits logits, int query, int[] negatives, Span<bool> keep)
    {
        var scores = logits.Values.Values.Slice(query * keep.Length, keep.Length).ToArray();
        var count = 0;
        for (var column = 0; column < keep.Length; column++)
        {
            if (column != logits.Positives[query] && logits.IsAllowed(query, column))
            {
                negatives[count++] = column;
            }
        }

        negatives.AsSpan(0, count).Sort((x, y) => scores[x] == scores[y] ? x.CompareTo(y) : scores[y].CompareTo(scores[x]));
        keep[logits.Positives[query]] = true;
        foreach (var column in negatives.AsSpan(0, Math.Min(Count, count)))
        {
            keep[column] = true;
        }
    }
}

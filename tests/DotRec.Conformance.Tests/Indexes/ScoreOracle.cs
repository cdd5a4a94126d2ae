using DotRec.Indexing;

namespace DotRec.Conformance.Tests;

/// <summary>Scores computed the plain way.</summary>
internal static class ScoreOracle
{
    /// <summary>
    /// The score that an index with exact scoring gives, bit for bit: one chain of multiply-adds (fused where the processor can) over the components,
    /// in order.
    /// </summary>
    public static float Single(ScoreFunction scoreFunction, ReadOnlySpan<float> query, ReadOnlySpan<float> item)
    {
        var sum = 0f;
        if (scoreFunction == ScoreFunction.Cosine)
        {
            var inverse = Inverse(query);
            for (var j = 0; j < query.Length; j++)
            {
                sum = float.MultiplyAddEstimate((float)(query[j] * inverse), item[j], sum);
            }

            return sum * (float)Inverse(item);
        }

        for (var j = 0; j < query.Length; j++)
        {
            var difference = query[j] - item[j];
            sum = scoreFunction == ScoreFunction.Dot
                ? float.MultiplyAddEstimate(query[j], item[j], sum)
                : float.MultiplyAddEstimate(difference, difference, sum);
        }

        return scoreFunction == ScoreFunction.Dot ? sum : 0 - sum;
    }

    /// <summary>The true score, in double, and the sum of the sizes of its terms, which rounding errors are proportional to.</summary>
    public static (double Score, double Size) Double(ScoreFunction scoreFunction, ReadOnlySpan<float> query, ReadOnlySpan<float> item)
    {
        var (sum, size) = (0.0, 0.0);
        for (var j = 0; j < query.Length; j++)
        {
            var difference = (double)query[j] - item[j];
            var term = scoreFunction == ScoreFunction.NegatedSquaredL2 ? -difference * difference : (double)query[j] * item[j];
            sum += term;
            size += Math.Abs(term);
        }

        var scale = scoreFunction == ScoreFunction.Cosine ? Inverse(query) * Inverse(item) : 1;
        return (sum * scale, size * scale);
    }

    /// <summary>All allowed items in the order an exact index returns them.</summary>
    public static Candidate[] Rank(
        ScoreFunction scoreFunction, ReadOnlySpan<float> query, ReadOnlySpan<float> embeddings, ItemFilter? filter, ReadOnlySpan<int> excluded)
    {
        var candidates = new List<Candidate>();
        for (var row = 0; row < embeddings.Length / query.Length; row++)
        {
            if ((filter is null || filter.Allows(row)) && !excluded.Contains(row))
            {
                candidates.Add(new Candidate(row, Single(scoreFunction, query, embeddings.Slice(row * query.Length, query.Length))));
            }
        }

        return [.. candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Row)];
    }

    private static double Inverse(ReadOnlySpan<float> vector)
    {
        var square = 0.0;
        foreach (var value in vector)
        {
            square += (double)value * value;
        }

        return square == 0 ? 0 : 1 / Math.Sqrt(square);
    }
}

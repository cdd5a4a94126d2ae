using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The scores of a batch on their way to a loss: a row a query, a column a candidate, and beside them which cells take part. A left-out
/// cell keeps its value but has no share in the loss; it is not a giant negative number, so no arithmetic can bring it back. Immutable.
/// </summary>
public sealed class CandidateLogits
{
    private readonly bool[]? _allowed;

    /// <summary>Scores of which all take part; the positive of row i is column i.</summary>
    /// <param name="values">Shape [Q, C], C ≥ Q; columns from Q on are negatives for every row.</param>
    /// <exception cref="ArgumentException">The shape is not [Q, C] with C ≥ Q.</exception>
    public CandidateLogits(Tensor values)
        : this(values, null, null)
    {
    }

    /// <summary>Scores of which all take part, with the positives named.</summary>
    /// <param name="values">Shape [Q, C].</param>
    /// <param name="positives">The column of each row's positive; null for column i of row i.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or a positive is no column.</exception>
    public CandidateLogits(Tensor values, IReadOnlyList<int>? positives)
        : this(values, positives?.ToArray(), null)
    {
    }

    private CandidateLogits(Tensor values, int[]? positives, bool[]? allowed)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank != 2)
        {
            throw new ArgumentException($"Logits have shape [queries, candidates]; these have {values.Rank} axes.", nameof(values));
        }

        Values = values;
        (QueryCount, CandidateCount) = (values.Shape[0], values.Shape[1]);
        if (positives is null && CandidateCount < QueryCount)
        {
            throw new ArgumentException(
                $"There are {QueryCount} queries but only {CandidateCount} candidates; the positive of query i is candidate i, so at least as many are needed.",
                nameof(values));
        }

        Positives = positives ?? Enumerable.Range(0, QueryCount).ToArray();
        if (Positives.Length != QueryCount || Positives.Any(column => (uint)column >= (uint)CandidateCount))
        {
            throw new ArgumentException($"Give one positive a query, a column in 0 … {CandidateCount - 1}.", nameof(positives));
        }

        _allowed = allowed;
    }

    /// <summary>The scores, shape [Q, C].</summary>
    public Tensor Values { get; }

    /// <summary>Q.</summary>
    public int QueryCount { get; }

    /// <summary>C.</summary>
    public int CandidateCount { get; }

    internal int[] Positives { get; }

    /// <summary>True when the cell takes part in the loss.</summary>
    public bool IsAllowed(int query, int candidate) => _allowed is null || _allowed[(query * CandidateCount) + candidate];

    /// <summary>The column of a row's positive.</summary>
    public int PositiveOf(int query) => Positives[query];

    /// <summary>The share of rows whose positive has fewer than k allowed candidates with a strictly greater score (TensorFlow's in_top_k: ties are hits).</summary>
    /// <param name="k">Length of the list.</param>
    /// <param name="sampleWeight">One weight a row, or empty.</param>
    public double TopKAccuracy(int k = 1, ReadOnlySpan<float> sampleWeight = default)
    {
        double hits = 0, total = 0;
        var values = Values.Values;
        for (var query = 0; query < QueryCount; query++)
        {
            var row = values.Slice(query * CandidateCount, CandidateCount);
            var above = 0;
            for (var candidate = 0; candidate < row.Length; candidate++)
            {
                above += row[candidate] > row[Positives[query]] && IsAllowed(query, candidate) ? 1 : 0;
            }

            double weight = sampleWeight.IsEmpty ? 1 : sampleWeight[query];
            total += weight;
            hits += above < k ? weight : 0;
        }

        return hits / total;
    }

    internal ReadOnlySpan<bool> AllowedIn(int query) =>
        _allowed is null ? default : _allowed.AsSpan(query * CandidateCount, CandidateCount);

    /// <summary>Other scores under the same mask.</summary>
    internal CandidateLogits With(Tensor values) => new(values, Positives, _allowed);

    /// <summary>The same scores with fewer cells.</summary>
    /// <param name="keep">Cells [Q, C] to keep of those still allowed. The array is not kept.</param>
    internal CandidateLogits Restrict(ReadOnlySpan<bool> keep)
    {
        var allowed = keep.ToArray();
        for (var i = 0; _allowed is not null && i < allowed.Length; i++)
        {
            allowed[i] &= _allowed[i];
        }

        return new CandidateLogits(Values, Positives, allowed);
    }
}

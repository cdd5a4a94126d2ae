namespace DotRec.Kernels;

/// <summary>
/// Sequences one after another without padding: P positions, each with a query, a key and a value of D values. Position i attends to the positions of its own
/// sequence up to itself: oᵢ = Σⱼ pᵢⱼ·vⱼ, pᵢⱼ the softmax over j ≤ i of qᵢ·kⱼ/√d, for each of H heads of d = D/H values side by side.
/// With <see cref="Dropout"/>, pᵢⱼ is multiplied by 0 or 1 / (1 − rate) before it weighs vⱼ; the softmax is that of all weights.
/// </summary>
internal readonly ref struct CausalAttentionBatch
{
    /// <summary>[P, 3·D]: query, key and value of a position side by side, as one product with joined weights makes them.</summary>
    public required ReadOnlySpan<float> QueriesKeysValues { get; init; }

    /// <summary>[S + 1]: sequence s has the positions Offsets[s] … Offsets[s + 1] − 1. The first is 0, the last P; none falls. A sequence may be empty.</summary>
    public required ReadOnlySpan<int> Offsets { get; init; }

    /// <summary>D, a positive multiple of <see cref="Heads"/>.</summary>
    public required int Dimension { get; init; }

    /// <summary>H, at least 1.</summary>
    public required int Heads { get; init; }

    /// <summary>Which weights are left out of a training step; none by default.</summary>
    public AttentionDropout Dropout { get; init; }

    /// <summary>P.</summary>
    public int Positions => QueriesKeysValues.Length / (3 * Dimension);

    /// <summary>Throws unless all parts fit together.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Heads);
        if (Dimension % Heads != 0)
        {
            throw new ArgumentException($"{nameof(Dimension)} is {Dimension}; {Heads} heads share it evenly, so it must be a multiple of {Heads}.");
        }

        Require.Matrix(QueriesKeysValues, Positions, 3 * Dimension, nameof(QueriesKeysValues));
        if (Offsets.IsEmpty || Offsets[0] != 0 || Offsets[^1] != Positions)
        {
            throw new ArgumentException($"{nameof(Offsets)} must start at 0 and end at {Positions}, the number of positions.");
        }

        for (var i = 1; i < Offsets.Length; i++)
        {
            if (Offsets[i] < Offsets[i - 1])
            {
                throw new ArgumentException($"{nameof(Offsets)} fall from {Offsets[i - 1]} to {Offsets[i]} at sequence {i - 1}; they must never fall.");
            }
        }
    }
}

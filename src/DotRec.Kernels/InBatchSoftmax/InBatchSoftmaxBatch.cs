namespace DotRec.Kernels;

/// <summary>
/// One batch of the sampled softmax: B queries, each with one positive among N candidates. The logit of query i and candidate j is
/// qᵢ·cⱼ·<see cref="InverseTemperature"/> + <see cref="ColumnBias"/>[j]; the loss is Σᵢ wᵢ·(log Σⱼ exp sᵢⱼ − sᵢ,positive(i)).
/// With <see cref="OwnPositives"/> the candidates are negatives that all rows share, and each row's positive pᵢ stands beside them:
/// Σᵢ wᵢ·(log(exp tᵢ + Σⱼ exp sᵢⱼ) − tᵢ), tᵢ = qᵢ·pᵢ·<see cref="InverseTemperature"/>.
/// </summary>
/// <remarks>
/// De-duplicated candidates: the softmax over a batch whose repeats are left out as accidental hits equals the softmax over its distinct
/// candidates with log(count) added to <see cref="ColumnBias"/> and not to <see cref="PositiveBias"/>, at a fraction of the cost.
/// </remarks>
internal readonly ref struct InBatchSoftmaxBatch
{
    /// <summary>q: [B, D].</summary>
    public required ReadOnlySpan<float> Queries { get; init; }

    /// <summary>c: [N, D].</summary>
    public required ReadOnlySpan<float> Candidates { get; init; }

    /// <summary>D, at least 1.</summary>
    public required int Dimension { get; init; }

    /// <summary>1/T. Must be set: finite and positive.</summary>
    public required float InverseTemperature { get; init; }

    /// <summary>[B]: the candidate that is row i's positive. Empty: row i's positive is candidate i, so N ≥ B.</summary>
    public ReadOnlySpan<int> Positives { get; init; }

    /// <summary>[N]: added to every logit of a column, after the temperature (−log Q, log count). Empty: zeros.</summary>
    public ReadOnlySpan<float> ColumnBias { get; init; }

    /// <summary>[N]: takes the place of <see cref="ColumnBias"/>[j] in the rows whose positive is j. Empty: no difference.</summary>
    public ReadOnlySpan<float> PositiveBias { get; init; }

    /// <summary>[B]: w. Empty: ones.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>
    /// [N]: circular lists of the columns that hold the same item (<see cref="EqualColumns.Link"/>). In a row, the columns that hold
    /// the positive's item, but are not the positive, are accidental hits and left out of the softmax. Empty: nothing is left out.
    /// </summary>
    public ReadOnlySpan<int> NextEqualColumn { get; init; }

    /// <summary>
    /// p: [B, D], each row's positive where that is none of the candidates. Empty: positives are candidates. Goes with <see cref="ColumnBias"/> and
    /// <see cref="Weights"/> only.
    /// </summary>
    public ReadOnlySpan<float> OwnPositives { get; init; }

    /// <summary>[B]: beside <see cref="OwnPositives"/>, the candidate that holds the row's positive item and is left out of its softmax; −1 where none does. Empty: none.</summary>
    public ReadOnlySpan<int> LeftOut { get; init; }

    /// <summary>B.</summary>
    public int Rows => Queries.Length / Dimension;

    /// <summary>N.</summary>
    public int Columns => Candidates.Length / Dimension;

    /// <summary>Throws unless all parts fit together and every index leads inside.</summary>
    public void Check(ReadOnlySpan<float> queryGradient, ReadOnlySpan<float> candidateGradient, ReadOnlySpan<float> positiveGradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Dimension);
        if (!(InverseTemperature > 0 && float.IsFinite(InverseTemperature)))
        {
            throw new ArgumentException($"{nameof(InverseTemperature)} is {InverseTemperature}; it must be positive and finite.");
        }

        Require.Matrix(Queries, Rows, Dimension, nameof(Queries));
        Require.Matrix(Candidates, Columns, Dimension, nameof(Candidates));
        if (!queryGradient.IsEmpty || !candidateGradient.IsEmpty)
        {
            Require.Matrix(queryGradient, Rows, Dimension, nameof(queryGradient));
            Require.Matrix(candidateGradient, Columns, Dimension, nameof(candidateGradient));
            Require.Matrix(positiveGradient, OwnPositives.IsEmpty ? 0 : Rows, Dimension, nameof(positiveGradient));
        }

        RequireLength(Positives.Length, Rows, nameof(Positives));
        RequireLength(ColumnBias.Length, Columns, nameof(ColumnBias));
        RequireLength(PositiveBias.Length, Columns, nameof(PositiveBias));
        RequireLength(Weights.Length, Rows, nameof(Weights));
        RequireLength(NextEqualColumn.Length, Columns, nameof(NextEqualColumn));
        if (!OwnPositives.IsEmpty || !LeftOut.IsEmpty)
        {
            CheckOwnPositives();
        }
        else if (Positives.IsEmpty && Columns < Rows)
        {
            throw new ArgumentException(
                $"Without {nameof(Positives)}, row i's positive is candidate i, but there are {Rows} queries and {Columns} candidates.");
        }

        for (var i = 0; i < Positives.Length; i++)
        {
            if ((uint)Positives[i] >= (uint)Columns)
            {
                throw new ArgumentException($"{nameof(Positives)}[{i}] is {Positives[i]}; there are {Columns} candidates.");
            }
        }

        EqualColumns.Check(NextEqualColumn);
    }

    private void CheckOwnPositives()
    {
        Require.Matrix(OwnPositives, Rows, Dimension, nameof(OwnPositives));
        RequireLength(LeftOut.Length, Rows, nameof(LeftOut));
        if (!Positives.IsEmpty || !PositiveBias.IsEmpty || !NextEqualColumn.IsEmpty)
        {
            throw new ArgumentException(
                $"{nameof(Positives)}, {nameof(PositiveBias)} and {nameof(NextEqualColumn)} speak of positives among the candidates; {nameof(OwnPositives)} are none.");
        }

        for (var i = 0; i < LeftOut.Length; i++)
        {
            if (LeftOut[i] < -1 || LeftOut[i] >= Columns)
            {
                throw new ArgumentException($"{nameof(LeftOut)}[{i}] is {LeftOut[i]}; there are {Columns} candidates, and −1 stands for none.");
            }
        }
    }

    private static void RequireLength(int length, int expected, string name)
    {
        if (length != 0 && length != expected)
        {
            throw new ArgumentException($"{name} holds {length} values; {expected} were expected, or none.", name);
        }
    }
}

using System.Numerics.Tensors;

namespace DotRec.Indexing;

/// <summary>
/// The rows of a source as they are partitioned and coded: as given for inner products, of unit length for cosines, with an added dimension
/// for distances (<see cref="L2Lift"/>). Made on demand: the transformed corpus is never held.
/// </summary>
internal sealed class CodedRows
{
    private const int RowsPerPart = 1024;

    // s of the lift as a share of the root mean square length: measured in docs/decisions/0014-scann-ablation.md.
    private const double LiftShare = 0.4;

    private readonly EmbeddingSource _source;
    private readonly ScoreFunction _scoreFunction;

    private CodedRows(EmbeddingSource source, ScoreFunction scoreFunction, L2Lift? lift)
    {
        _source = source;
        _scoreFunction = scoreFunction;
        Lift = lift;
    }

    public int Count => _source.Count;

    /// <summary>The coded width.</summary>
    public int Dimension => _source.Dimension + (Lift is null ? 0 : 1);

    public L2Lift? Lift { get; }

    /// <summary>Reads every row once and refuses what cannot be scored.</summary>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    public static CodedRows Check(EmbeddingSource source, ScoreFunction scoreFunction, BuildReport report)
    {
        report.Begin(ScannStage.Checking);
        var sums = new double[(source.Count + RowsPerPart - 1) / RowsPerPart];
        report.ForParts(sums.Length, part =>
        {
            for (var row = part * RowsPerPart; row < Math.Min(source.Count, (part + 1) * RowsPerPart); row++)
            {
                var values = source.Row(row);
                var square = EmbeddingLength.Squared(values);
                EmbeddingLength.Check(values, square, "Row", row, nameof(source));
                sums[part] += square;
            }
        });

        L2Lift? lift = null;
        if (scoreFunction == ScoreFunction.NegatedSquaredL2)
        {
            // Parts are summed in their order: the same bits at any thread count.
            var mean = source.Count == 0 ? 0 : sums.Sum() / source.Count;
            lift = new L2Lift(mean, mean > 0 ? Math.Max((float)(LiftShare * Math.Sqrt(mean)), float.Epsilon) : 1);
        }

        return new CodedRows(source, scoreFunction, lift);
    }

    /// <summary>Writes row <paramref name="row"/> in its coded form.</summary>
    public void CopyRow(int row, Span<float> destination) => Code(_source.Row(row), destination);

    /// <summary>Writes any embedding in the form these rows are coded in.</summary>
    public void Code(ReadOnlySpan<float> values, Span<float> destination) => Code(values, _scoreFunction, Lift, destination);

    /// <summary>Writes an embedding in the form in which rows are coded for a score function.</summary>
    public static void Code(ReadOnlySpan<float> values, ScoreFunction scoreFunction, L2Lift? lift, Span<float> destination)
    {
        values.CopyTo(destination);
        if (scoreFunction == ScoreFunction.Dot)
        {
            return;
        }

        var square = EmbeddingLength.Squared(values);
        if (lift is { } lifted)
        {
            destination[^1] = lifted.ItemValue(square);
            return;
        }

        var factor = EmbeddingLength.Inverse(square);
        foreach (ref var value in destination)
        {
            value = (float)(value * factor);
        }
    }

    /// <summary>Writes consecutive rows, relative to an origin.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="origin">[D], subtracted from each.</param>
    /// <param name="destination">[rows, D].</param>
    public void CopyRows(int first, ReadOnlySpan<float> origin, Span<float> destination)
    {
        for (; !destination.IsEmpty; destination = destination[Dimension..], first++)
        {
            var row = destination[..Dimension];
            CopyRow(first, row);
            TensorPrimitives.Subtract(row, origin, row);
        }
    }
}

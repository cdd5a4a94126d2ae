using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The rows of a source as they are partitioned and coded: as given for inner products, of unit length for cosines, with added components
/// for distances (<see cref="L2Lift"/>). Made on demand: the transformed corpus is never held.
/// </summary>
/// <remarks>
/// Rows whose greatest length is far from 1 are scaled by a power of two, so that no square or product of a build is beyond float32's range. Only
/// the order of approximate scores counts, and that does not change.
/// </remarks>
internal sealed class CodedRows
{
    private const int RowsPerPart = 1024;

    // s of the lift as a share of the distance from their middle that half of the items keep. Measured, as what follows is, in
    // docs/decisions/0015-distances-and-limits-of-numbers.md.
    private const double LiftShare = 1.5;

    // Two added components have a codeword of their own: an eighth of an embedding's, up to 16, and four times as many where squared lengths vary.
    private const int GreatestLiftWidth = 16;
    private const int WideLift = 4;
    private const double WideSpread = 2;

    // Lengths within 2^±20 are left as they are.
    private const int GreatestExponent = 20;

    private readonly EmbeddingSource _source;

    private CodedRows(EmbeddingSource source, CodedForm form)
    {
        _source = source;
        Form = form;
    }

    public int Count => _source.Count;

    public CodedForm Form { get; }

    /// <summary>The width in which rows are partitioned.</summary>
    public int PlainDimension => Form.PlainDimension;

    /// <summary>The coded width.</summary>
    public int Dimension => Form.Dimension;

    public L2Lift? Lift => Form.Lift;

    /// <summary>Reads every row once and refuses what cannot be scored.</summary>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    public static CodedRows Check(EmbeddingSource source, ScoreFunction scoreFunction, BuildReport report)
    {
        report.Begin(ScannStage.Checking);
        var greatest = new double[(source.Count + RowsPerPart - 1) / RowsPerPart];
        report.ForParts(greatest.Length, part =>
        {
            for (var row = part * RowsPerPart; row < Math.Min(source.Count, (part + 1) * RowsPerPart); row++)
            {
                var values = source.Row(row);
                var square = EmbeddingLength.Squared(values);
                EmbeddingLength.Check(values, square, "Row", row, nameof(source));
                greatest[part] = Math.Max(greatest[part], square);
            }
        });

        var lift = scoreFunction == ScoreFunction.NegatedSquaredL2 ? LiftOf(source) : null;
        var factor = scoreFunction == ScoreFunction.Cosine ? 1 : FactorFor(greatest.DefaultIfEmpty().Max());
        return new CodedRows(source, new CodedForm(scoreFunction, source.Dimension, lift, factor));
    }

    /// <summary>Writes row <paramref name="row"/> in its coded form.</summary>
    public void CopyRow(int row, Span<float> destination) => Form.OfItem(_source.Row(row), destination);

    /// <summary>Writes row <paramref name="row"/> in the form it is partitioned in.</summary>
    public void CopyPlain(int row, Span<float> destination) => Form.Plain(_source.Row(row), destination);

    /// <summary>Writes consecutive rows as they are partitioned, relative to an origin.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="origin">[D], subtracted from each.</param>
    /// <param name="destination">[rows, D].</param>
    public void CopyRows(int first, ReadOnlySpan<float> origin, Span<float> destination)
    {
        for (; !destination.IsEmpty; destination = destination[PlainDimension..], first++)
        {
            var row = destination[..PlainDimension];
            CopyPlain(first, row);
            TensorPrimitives.Subtract(row, origin, row);
        }
    }

    private static L2Lift LiftOf(EmbeddingSource source)
    {
        if (source.Count == 0)
        {
            return new L2Lift(0, 1);
        }

        var spread = RowSpread.Of(source.Count, source.Dimension, (row, values) => source.Row(row).CopyTo(values), new SeededRandom(0));
        var value = LiftShare * spread.Middle;
        var width = Math.Clamp(source.Dimension / 16 * 2, 2, GreatestLiftWidth);
        width *= spread.MeanSquare > WideSpread * spread.Middle * spread.Middle ? WideLift : 1;
        return new L2Lift(spread.MeanSquare, value > 0 ? Math.Max((float)value, float.Epsilon) : 1, width, spread.Center);
    }

    private static double FactorFor(double greatestSquare)
    {
        var exponent = greatestSquare > 0 ? Math.ILogB(greatestSquare) / 2 : 0;
        return Math.Abs(exponent) <= GreatestExponent ? 1 : Math.ScaleB(1, -exponent);
    }
}

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

    // Up to this width the codewords of cosines are chosen for queries that are near the items: the nearest are very near there.
    private const int NarrowDimension = 4;

    // Lengths within 2^±20 are left as they are.
    private const int GreatestExponent = 20;

    private readonly EmbeddingSource _source;
    private readonly bool _unitLength;
    private readonly double _factor;

    private CodedRows(EmbeddingSource source, bool unitLength, L2Lift? lift, double factor)
    {
        _source = source;
        _unitLength = unitLength;
        _factor = factor;
        Lift = lift;
    }

    public int Count => _source.Count;

    /// <summary>The width in which rows are partitioned: without what a lift adds, for distances are those of the rows themselves.</summary>
    public int PlainDimension => _source.Dimension;

    /// <summary>The coded width.</summary>
    public int Dimension => _source.Dimension + (Lift?.Width ?? 0);

    public L2Lift? Lift { get; }

    /// <summary>Whether the queries for which an item matters are nearer to it than its centroid is.</summary>
    public bool HasNearQueries => Lift is not null || (_unitLength && PlainDimension <= NarrowDimension);

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

        return scoreFunction == ScoreFunction.Cosine
            ? new CodedRows(source, true, null, 1)
            : new CodedRows(source, false, scoreFunction == ScoreFunction.NegatedSquaredL2 ? LiftOf(source) : null, FactorFor(greatest.DefaultIfEmpty().Max()));
    }

    /// <summary>Writes row <paramref name="row"/> in its coded form.</summary>
    public void CopyRow(int row, Span<float> destination) => Code(_source.Row(row), destination);

    /// <summary>Writes row <paramref name="row"/> in the form it is partitioned in.</summary>
    public void CopyPlain(int row, Span<float> destination) => CodePlain(_source.Row(row), destination);

    /// <summary>Writes any embedding in the form these rows are coded in.</summary>
    public void Code(ReadOnlySpan<float> values, Span<float> destination)
    {
        if (Lift is { } lift)
        {
            lift.LiftItem(values, destination);
            Scale(destination, _factor);
        }
        else
        {
            CodePlain(values, destination);
        }
    }

    /// <summary>Writes any embedding in the form these rows are partitioned in.</summary>
    public void CodePlain(ReadOnlySpan<float> values, Span<float> destination)
    {
        if (Lift is { } lift)
        {
            lift.Shift(values, destination);
        }
        else
        {
            values.CopyTo(destination);
        }

        Scale(destination, _unitLength ? EmbeddingLength.Inverse(EmbeddingLength.Squared(values)) : _factor);
    }

    /// <summary>Writes what the lift adds to a point in the form these rows are partitioned in.</summary>
    /// <param name="plain">The point.</param>
    /// <param name="added">Written.</param>
    public void FillLift(ReadOnlySpan<float> plain, Span<float> added)
    {
        Lift!.FillItem(EmbeddingLength.Squared(plain) / (_factor * _factor), added);
        Scale(added, _factor);
    }

    /// <summary>
    /// Turns a coded row into the direction that the queries for which it matters have: its own for inner products, for distances that of a query that
    /// lies where the item does.
    /// </summary>
    public void ToQuery(Span<float> coded)
    {
        if (Lift is { } lift)
        {
            lift.FillQuery(coded[PlainDimension..]);
            Scale(coded[PlainDimension..], _factor);
        }
    }

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

    private static void Scale(Span<float> vector, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        foreach (ref var value in vector)
        {
            value = (float)(value * factor);
        }
    }
}

using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The rows of a source as they are partitioned and coded (<see cref="CodedForm"/>). In all their dimensions they are made on demand, and the
/// transformed corpus is never held; projected rows are far smaller, and are held until <see cref="Dispose"/>.
/// </summary>
/// <remarks>
/// Rows whose greatest length is far from 1 are scaled by a power of two, so that no square or product of a build is beyond float32's range. Only
/// the order of approximate scores counts, and that does not change.
/// </remarks>
internal sealed class CodedRows : IDisposable
{
    private const int RowsPerPart = 1024;

    // s of the lift as a share of the distance from their middle that half of the items keep. Measured, as what follows is, in
    // docs/decisions/0015-distances-and-limits-of-numbers.md.
    private const double LiftShare = 1.5;

    // Two added components have a codeword of their own: an eighth of an embedding's, up to 16, and four times as many where squared lengths vary.
    private const int MaxLiftWidth = 16;
    private const int WideLift = 4;
    private const double WideSpread = 2;

    // Up to this width the codewords of cosines are chosen for queries that are near the items: the nearest are very near there.
    private const int NarrowDimension = 4;

    // Lengths within 2^±20 are left as they are.
    private const int MaxExponent = 20;

    private readonly EmbeddingSource _source;

    // [N, c], or [N, c + 1] with the added value of distances.
    private readonly Section<float>? _projected;

    // What is left out of a row by the projection, squared, on average.
    private readonly double _meanLeftOut;

    private CodedRows(EmbeddingSource source, CodedForm form, Section<float>? projected = null, double meanLeftOut = 0)
    {
        _source = source;
        _projected = projected;
        _meanLeftOut = meanLeftOut;
        Form = form;
    }

    public int Count => _source.Count;

    /// <summary>The width in which rows are partitioned: without what a lift adds, for distances are those of the rows themselves.</summary>
    public int PlainDimension => Form.PlainDimension;

    /// <summary>The coded width.</summary>
    public int Dimension => Form.Dimension;

    /// <summary>How rows get their coded form.</summary>
    public CodedForm Form { get; }

    public L2Lift? Lift => Form.Lift;

    /// <summary>Whether the queries for which an item matters are nearer to it than its centroid is.</summary>
    public bool HasNearQueries => Lift is not null || (Form.ScoreFunction == ScoreFunction.Cosine && PlainDimension <= NarrowDimension);

    private int HeldWidth => PlainDimension + (Lift is null ? 0 : 1);

    /// <summary>Reads every row once and refuses what cannot be scored.</summary>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    public static CodedRows Check(EmbeddingSource source, ScoreFunction scoreFunction, BuildReport report)
    {
        report.Begin(ScannStage.Checking);
        var max = new double[(source.Count + RowsPerPart - 1) / RowsPerPart];
        report.ForParts(max.Length, part =>
        {
            for (var row = part * RowsPerPart; row < Math.Min(source.Count, (part + 1) * RowsPerPart); row++)
            {
                var values = source.Row(row);
                var square = EmbeddingLength.Squared(values);
                EmbeddingLength.Check(values, square, "Row", row, nameof(source));
                max[part] = Math.Max(max[part], square);
            }
        });

        return new CodedRows(source, scoreFunction == ScoreFunction.Cosine
            ? new CodedForm(scoreFunction, source.Dimension, null, null)
            : new CodedForm(
                scoreFunction,
                source.Dimension,
                null,
                scoreFunction == ScoreFunction.NegatedSquaredL2 ? LiftOf(source) : null,
                FactorFor(max.DefaultIfEmpty().Max())));
    }

    /// <summary>The same rows projected, all of them at once.</summary>
    public CodedRows Project(Projection projection, BuildReport report)
    {
        var form = Form with { Projection = projection, Lift = Lift?.InBlocksOf(ProjectionChoice.BlockWidth) };
        var width = projection.Dimension + (Lift is null ? 0 : 1);
        var values = AllocatedMemory.New<float>((long)Count * width);
        var matrix = projection.Rows.ToRows();
        var leftOut = new double[(Count + RowsPerPart - 1) / RowsPerPart];
        report.ForParts(leftOut.Length, part =>
        {
            var first = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, Count - first);
            var dimension = _source.Dimension;
            var block = ScratchPool.Rent((long)count * dimension);
            var rows = block.AsSpan(0, count * dimension);
            var coded = values.Span((long)first * width, count * width);
            var squares = new double[count];
            for (var i = 0; i < count; i++)
            {
                squares[i] = form.Move(_source.Row(first + i), rows.Slice(i * dimension, dimension));
            }

            GemmKernels.Multiply(false, true, count, projection.Dimension, dimension, rows, dimension, matrix, dimension, coded, width);
            for (var i = 0; i < count && form.Lift is { } lift; i++)
            {
                var row = coded.Slice(i * width, width);
                leftOut[part] += Math.Max(0, squares[i] - (EmbeddingLength.Squared(row[..^1]) / (form.Factor * form.Factor)));
                row[^1] = (float)(lift.ItemValue(squares[i]) * form.Factor);
            }

            ScratchPool.Return(block);
        });
        return new CodedRows(_source, form, values, Count == 0 ? 0 : leftOut.Sum() / Count);
    }

    /// <summary>Writes row <paramref name="row"/> in its coded form.</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        if (_projected is { } projected)
        {
            var held = projected.Span((long)row * HeldWidth, HeldWidth);
            held[..PlainDimension].CopyTo(destination);
            Lift?.Spread(held[^1], destination[PlainDimension..]);
        }
        else
        {
            Form.OfItem(_source.Row(row), destination);
        }
    }

    /// <summary>Writes row <paramref name="row"/> in the form it is partitioned in.</summary>
    public void CopyPlain(int row, Span<float> destination)
    {
        if (_projected is { } projected)
        {
            projected.Span((long)row * HeldWidth, PlainDimension).CopyTo(destination);
        }
        else
        {
            Form.Plain(_source.Row(row), destination);
        }
    }

    /// <summary>The added value of a projected row, not spread over components; 0 but for distances.</summary>
    public float LiftValueOf(int row) => Lift is null ? 0 : _projected!.Value[((long)row * HeldWidth) + PlainDimension];

    /// <summary>Writes what the lift adds to a point in the form these rows are partitioned in.</summary>
    /// <param name="plain">The point.</param>
    /// <param name="added">Written.</param>
    public void FillLift(ReadOnlySpan<float> plain, Span<float> added)
    {
        Lift!.FillItem((EmbeddingLength.Squared(plain) / (Form.Factor * Form.Factor)) + _meanLeftOut, added);
        EmbeddingLength.Scale(added, Form.Factor);
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
            EmbeddingLength.Scale(coded[PlainDimension..], Form.Factor);
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
        var width = Math.Clamp(source.Dimension / 16 * 2, 2, MaxLiftWidth);
        width *= spread.MeanSquare > WideSpread * spread.Middle * spread.Middle ? WideLift : 1;
        return new L2Lift(spread.MeanSquare, value > 0 ? Math.Max((float)value, float.Epsilon) : 1, width, spread.Center);
    }

    private static double FactorFor(double maxSquare)
    {
        var exponent = maxSquare > 0 ? Math.ILogB(maxSquare) / 2 : 0;
        return Math.Abs(exponent) <= MaxExponent ? 1 : Math.ScaleB(1, -exponent);
    }

    /// <summary>Gives projected rows back.</summary>
    public void Dispose() => _projected?.Memory.Dispose();
}

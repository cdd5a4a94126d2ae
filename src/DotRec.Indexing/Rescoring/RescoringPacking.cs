using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Copies embeddings into <see cref="RescoringRows"/>: by position, in their format.</summary>
internal static class RescoringPacking
{
    private const int RowsAPart = 4096;

    /// <summary>Bytes that <see cref="Pack"/> takes.</summary>
    public static long ByteLength(int count, int dimension, ScoreFunction scoreFunction, RescoringFormat format, RowBases bases) =>
        SectionAllocator.Bytes<float>(bases.Values.Length)
        + SectionAllocator.Bytes<int>(bases.OfPosition.Length)
        + SectionAllocator.Bytes<byte>((long)count * dimension * format.ByteWidth())
        + SectionAllocator.Bytes<float>(FactorCount(count, scoreFunction, format))
        + SectionAllocator.Bytes<float>(LengthCount(count, scoreFunction, format))
        + (2 * SectionAllocator.Bytes<int>(count));

    /// <summary>Values of <see cref="RescoringRows.Factors"/>.</summary>
    public static int FactorCount(int count, ScoreFunction scoreFunction, RescoringFormat format) =>
        scoreFunction == ScoreFunction.Cosine || format == RescoringFormat.Int8 ? count : 0;

    /// <summary>Values of <see cref="RescoringRows.Lengths"/>.</summary>
    public static int LengthCount(int count, ScoreFunction scoreFunction, RescoringFormat format) =>
        scoreFunction == ScoreFunction.Cosine && format == RescoringFormat.Int8 ? count : 0;

    /// <summary>Copies the rows of a source, in parallel.</summary>
    /// <param name="source">[N, D].</param>
    /// <param name="order">[N]: the row at each position.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="format">How components are stored.</param>
    /// <param name="bases">What 8-bit rows are coded relative to.</param>
    /// <param name="allocator">Where to.</param>
    public static RescoringRows Pack(
        EmbeddingSource source, ReadOnlySpan<int> order, ScoreFunction scoreFunction, RescoringFormat format, RowBases bases, SectionAllocator allocator)
    {
        var (count, dimension) = (source.Count, source.Dimension);
        var rowBytes = dimension * format.ByteWidth();
        var values = allocator.Take<byte>((long)count * rowBytes);
        var factors = allocator.Take<float>(FactorCount(count, scoreFunction, format));
        var lengths = allocator.Take<float>(LengthCount(count, scoreFunction, format));
        var rows = allocator.Take<int>(count);
        var byRow = allocator.Take<int>(count);
        var baseValues = allocator.Take<float>(bases.Values.Length);
        var baseNumbers = allocator.Take<int>(bases.OfPosition.Length);
        for (var i = 0; i < bases.Values.Length; i++)
        {
            baseValues[i] = bases.Values[i];
        }

        bases.OfPosition.CopyTo(baseNumbers.Span(0, bases.OfPosition.Length));
        order.CopyTo(rows.Span(0, count));
        for (var position = 0; position < count; position++)
        {
            byRow[order[position]] = position;
        }

        using var hold = source.Hold();
        var greatestSquares = new double[(count + RowsAPart - 1) / RowsAPart];
        Parallelism.ForRanges(count, RowsAPart, (start, end) =>
        {
            var difference = new float[dimension];
            for (var position = start; position < end; position++)
            {
                var row = source.Row(rows[position]);
                var square = EmbeddingLength.Squared(row);
                greatestSquares[start / RowsAPart] = Math.Max(greatestSquares[start / RowsAPart], square);
                var inverse = scoreFunction == ScoreFunction.Cosine ? (float)EmbeddingLength.Inverse(square) : 1;
                var step = 1f;
                var target = values.Span((long)position * rowBytes, rowBytes);
                switch (format)
                {
                    case RescoringFormat.Float32:
                        row.CopyTo(MemoryMarshal.Cast<byte, float>(target));
                        break;
                    case RescoringFormat.Bfloat16:
                        RowFormat.Encode(row, MemoryMarshal.Cast<byte, ushort>(target));
                        inverse = scoreFunction == ScoreFunction.Cosine ? InverseOfRounded(MemoryMarshal.Cast<byte, ushort>(target), difference) : 1;
                        break;
                    default:
                        bases.CopyDifference(rows[position], position, difference);
                        step = (float)RowFormat.Encode(difference, MemoryMarshal.Cast<byte, sbyte>(target));
                        break;
                }

                if (factors.Length > 0)
                {
                    factors[position] = format == RescoringFormat.Int8 ? step : inverse;
                }

                if (lengths.Length > 0)
                {
                    lengths[position] = (float)Math.Sqrt(square);
                }
            }
        });
        return new RescoringRows(
            format, values, factors, lengths, rows, byRow, dimension, (float)Math.Sqrt(greatestSquares.DefaultIfEmpty().Max()), baseValues, baseNumbers);
    }

    // Of the row as it is stored: a cosine is then of a true direction, and an error along the row costs nothing.
    private static float InverseOfRounded(ReadOnlySpan<ushort> encoded, Span<float> decoded)
    {
        RowFormat.Decode(encoded, decoded);
        return (float)EmbeddingLength.Inverse(EmbeddingLength.Squared(decoded));
    }
}

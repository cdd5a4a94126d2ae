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
        var max = new double[(count + RowsAPart - 1) / RowsAPart];
        Parallelism.ForRanges(count, RowsAPart, (start, end) =>
        {
            var difference = new float[dimension];
            for (var position = start; position < end; position++)
            {
                var number = rows[position];
                if (format == RescoringFormat.Int8)
                {
                    bases.CopyDifference(number, position, difference);
                }

                var length = Write(source.Row(number), difference, position, scoreFunction, format, values, factors, lengths);
                max[start / RowsAPart] = Math.Max(max[start / RowsAPart], length);
            }
        });
        return new RescoringRows(
            format, values, factors, lengths, rows, byRow, dimension, (float)max.DefaultIfEmpty().Max(), baseValues, baseNumbers);
    }

    /// <summary>Writes one row to its place.</summary>
    /// <param name="row">[D].</param>
    /// <param name="difference">[D], of 8-bit rows: the row, for cosines at length 1, less its base. Else scratch.</param>
    /// <param name="position">The place.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="format">How components are stored.</param>
    /// <param name="values">See <see cref="RescoringRows"/>, as the others.</param>
    /// <param name="factors">Written where there are any.</param>
    /// <param name="lengths">Written where there are any.</param>
    /// <returns>Its length.</returns>
    public static double Write(
        ReadOnlySpan<float> row,
        Span<float> difference,
        int position,
        ScoreFunction scoreFunction,
        RescoringFormat format,
        Section<byte> values,
        Section<float> factors,
        Section<float> lengths)
    {
        var square = EmbeddingLength.Squared(row);
        var factor = scoreFunction == ScoreFunction.Cosine ? (float)EmbeddingLength.Inverse(square) : 1;
        var rowBytes = row.Length * format.ByteWidth();
        var target = values.Span((long)position * rowBytes, rowBytes);
        switch (format)
        {
            case RescoringFormat.Float32:
                row.CopyTo(MemoryMarshal.Cast<byte, float>(target));
                break;
            case RescoringFormat.Bfloat16:
                RowFormat.Encode(row, MemoryMarshal.Cast<byte, ushort>(target));
                factor = scoreFunction == ScoreFunction.Cosine ? InverseOfRounded(MemoryMarshal.Cast<byte, ushort>(target), difference) : 1;
                break;
            default:
                factor = (float)RowFormat.Encode(difference, MemoryMarshal.Cast<byte, sbyte>(target));
                break;
        }

        if (factors.Length > 0)
        {
            factors[position] = factor;
        }

        if (lengths.Length > 0)
        {
            lengths[position] = (float)Math.Sqrt(square);
        }

        return Math.Sqrt(square);
    }

    // Of the row as it is stored: a cosine is then of a true direction, and an error along the row costs nothing.
    private static float InverseOfRounded(ReadOnlySpan<ushort> encoded, Span<float> decoded)
    {
        RowFormat.Decode(encoded, decoded);
        return (float)EmbeddingLength.Inverse(EmbeddingLength.Squared(decoded));
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace DotRec.Data;

/// <summary>A column of a Parquet file and how its values become those of a feature column.</summary>
internal abstract class ParquetSource
{
    // Days from the day that Julian day numbers count from to 1970.
    private const int JulianDayOf1970 = 2_440_588;
    private const long SecondsADay = 86_400;
    private const long MicrosecondsASecond = 1_000_000;

    private ParquetSource(ParquetField field) => Field = field;

    /// <summary>The column.</summary>
    public ParquetField Field { get; }

    /// <summary>True when the type of the feature column depends on the values, and so may differ from one row group to another.</summary>
    public bool Varies { get; private init; }

    /// <summary>The column of one row group.</summary>
    /// <exception cref="InvalidDataException">The pages are damaged, or of an unknown kind.</exception>
    public abstract Column Read(ParquetChunk chunk, ReadOnlySpan<byte> pages, int rowCount);

    /// <summary>The column of no rows.</summary>
    public abstract Column Empty();

    /// <summary>The source of a field; null where no feature column can hold its values.</summary>
    /// <param name="file">What errors call the file.</param>
    /// <param name="field">The field.</param>
    public static ParquetSource? Of(string file, ParquetField field)
    {
        if (field.Leaf is not { } leaf)
        {
            return null;
        }

        if (leaf.Meaning == ParquetMeaning.Null)
        {
            return leaf.Type switch
            {
                ParquetType.Boolean => new Source<long>(field, new ParquetBooleans(), (rows, name) => Texts(name, new string[rows.Values.Length], rows.Offsets)),
                ParquetType.Int32 => new Source<int>(field, new ParquetNumbers<int, int>(convert: null), (rows, name) => Texts(name, new string[rows.Values.Length], rows.Offsets)),
                _ => new Source<string>(field, new ParquetBytes<string>(leaf.Length, _ => ""), (rows, name) => Texts(name, rows.Values, rows.Offsets)),
            };
        }

        return leaf.Type switch
        {
            ParquetType.Boolean => Integers(field, new ParquetBooleans()),
            ParquetType.Int32 => OfInteger(field, leaf, new ParquetNumbers<int, long>(
                leaf.Meaning == ParquetMeaning.UnsignedInteger ? value => (uint)value : value => value)),
            ParquetType.Int64 => OfInteger(field, leaf, new ParquetNumbers<long, long>(convert: null)),
            ParquetType.Int96 => Times(field, new ParquetBytes<long>(12, MicrosecondsOf), MicrosecondsASecond),
            ParquetType.Float => Floats(field, new ParquetNumbers<float, float>(convert: null)),
            ParquetType.Double => Doubles(field, new ParquetNumbers<double, double>(convert: null)),
            ParquetType.ByteArray or ParquetType.FixedLengthByteArray => OfBytes(file, field, leaf),
            _ => null,
        };
    }

    private static Source<long>? OfInteger(ParquetField field, ParquetSchemaElement leaf, ParquetValues<long> values) => leaf.Meaning switch
    {
        ParquetMeaning.None or ParquetMeaning.Integer => Integers(field, values),
        ParquetMeaning.UnsignedInteger => new Source<long>(field, values, Unsigned) { Varies = true },
        ParquetMeaning.Date => new Source<long>(field, values, Dates) { Varies = field.DefinitionLevel > 0 },
        ParquetMeaning.Time or ParquetMeaning.Timestamp => Times(field, values, leaf.UnitsPerSecond),
        ParquetMeaning.Decimal when leaf.Scale == 0 => Integers(field, values),
        ParquetMeaning.Decimal => new Source<long>(field, values, (rows, name) => Decimals(rows, name, leaf.Scale)),
        _ => null,
    };

    private static ParquetSource? OfBytes(string file, ParquetField field, ParquetSchemaElement leaf)
    {
        var length = leaf.Type == ParquetType.FixedLengthByteArray ? leaf.Length : 0;
        if (leaf.Type == ParquetType.FixedLengthByteArray && length is < 1 or > 1 << 20)
        {
            return null;
        }

        var pool = new StringPool();
        return (leaf.Meaning, length) switch
        {
            (ParquetMeaning.Text or ParquetMeaning.None, _) => Strings(bytes => pool.TryGet(bytes, out var text) ? text : throw new DataFormatException(
                file, $"column '{field.Name}' holds {TableReader.Quoted(bytes)}, expected UTF-8 text.")),
            (ParquetMeaning.Uuid, 16) => Strings(bytes => new Guid(bytes, bigEndian: true).ToString()),
            (ParquetMeaning.Float16, 2) => Floats(field, new ParquetBytes<float>(length, bytes => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes))),
            (ParquetMeaning.Decimal, _) when leaf.Scale == 0 => WholeDecimals(field, length),
            (ParquetMeaning.Decimal, _) => Doubles(field, new ParquetBytes<double>(length, bytes => ScaledOf(new BigInteger(bytes, isUnsigned: false, isBigEndian: true), leaf.Scale))),
            _ => null,
        };

        Source<string> Strings(ParquetBytes<string>.Converter convert) =>
            new(field, new ParquetBytes<string>(length, convert), (rows, name) => Texts(name, rows.Values, rows.Offsets));
    }

    private static Source<long> Integers(ParquetField field, ParquetValues<long> values) => new(field, values, Whole) { Varies = field.DefinitionLevel > 0 };

    private static Source<float> Floats(ParquetField field, ParquetValues<float> values) =>
        new(field, values, (rows, name) => Column(name, WithMissing(rows.Values, rows.IsMissing, float.NaN), rows.Offsets));

    private static Source<double> Doubles(ParquetField field, ParquetValues<double> values) =>
        new(field, values, (rows, name) => Column(name, WithMissing(rows.Values, rows.IsMissing, double.NaN), rows.Offsets));

    private static Source<long> Times(ParquetField field, ParquetValues<long> values, long units)
    {
        return new Source<long>(field, values, Seconds) { Varies = true };

        Column Seconds(ParquetChunkReader<long>.Rows rows, string name) => Array.TrueForAll(rows.Values, time => time % units == 0)
            ? Whole(rows with { Values = Array.ConvertAll(rows.Values, time => time / units) }, name)
            : Column(name, WithMissing(Array.ConvertAll(rows.Values, time => time / units + ((double)(time % units) / units)), rows.IsMissing, double.NaN), rows.Offsets);
    }

    // Integers, of which some may be missing: NaN then, in float64, or, where that would not hold all of them, the empty text.
    private static Column Whole(ParquetChunkReader<long>.Rows rows, string name)
    {
        if (rows.IsMissing is null)
        {
            return Column(name, rows.Values, rows.Offsets);
        }

        return Array.TrueForAll(rows.Values, ColumnTypes.IsExactDouble)
            ? Column(name, WithMissing(Array.ConvertAll(rows.Values, value => (double)value), rows.IsMissing, double.NaN), rows.Offsets)
            : Column(name, WithMissing(Array.ConvertAll(rows.Values, value => value.ToString(CultureInfo.InvariantCulture)), rows.IsMissing, ""), rows.Offsets);
    }

    // Above 2^63 integers are texts: such large ones are names.
    private static Column Unsigned(ParquetChunkReader<long>.Rows rows, string name) => Array.TrueForAll(rows.Values, value => value >= 0)
        ? Whole(rows, name)
        : Column(name, WithMissing(Array.ConvertAll(rows.Values, value => ((ulong)value).ToString(CultureInfo.InvariantCulture)), rows.IsMissing, ""), rows.Offsets);

    private static Column WholeTexts(ParquetChunkReader<string>.Rows rows, string name)
    {
        var integers = new long[rows.Values.Length];
        for (var i = 0; i < integers.Length; i++)
        {
            if (rows.Values[i] is { } text && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integers[i]))
            {
                return Texts(name, rows.Values, rows.Offsets);
            }
        }

        return Whole(new ParquetChunkReader<long>.Rows(integers, rows.IsMissing, rows.Offsets), name);
    }

    private static Source<string> WholeDecimals(ParquetField field, int length)
    {
        var values = new ParquetBytes<string>(length, bytes => new BigInteger(bytes, isUnsigned: false, isBigEndian: true).ToString(CultureInfo.InvariantCulture));
        return new Source<string>(field, values, WholeTexts) { Varies = true };
    }

    private static Column Dates(ParquetChunkReader<long>.Rows rows, string name) =>
        Whole(rows with { Values = Array.ConvertAll(rows.Values, days => days * SecondsADay) }, name);

    private static Column<double> Decimals(ParquetChunkReader<long>.Rows rows, string name, int scale) =>
        Column(name, WithMissing(Array.ConvertAll(rows.Values, value => ScaledOf(value, scale)), rows.IsMissing, double.NaN), rows.Offsets);

    // The text of a decimal is rounded once, as reading it from a text file would.
    private static double ScaledOf(BigInteger unscaled, int scale) => double.Parse(
        string.Create(CultureInfo.InvariantCulture, $"{unscaled}E{-(long)scale}"), NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture);

    // The former type of timestamps: nanoseconds of the day, then the Julian day. In microseconds, 64 bits reach the year 9999, which stands for "never".
    private static long MicrosecondsOf(ReadOnlySpan<byte> bytes) => (BinaryPrimitives.ReadInt64LittleEndian(bytes) / 1000)
        + ((BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - (long)JulianDayOf1970) * SecondsADay * MicrosecondsASecond);

    private static T[] WithMissing<T>(T[] values, bool[]? isMissing, T missing)
    {
        for (var i = 0; isMissing is not null && i < values.Length; i++)
        {
            values[i] = isMissing[i] ? missing : values[i];
        }

        return values;
    }

    private static Column<string> Texts(string name, string?[] values, int[]? offsets) =>
        Column(name, Array.ConvertAll(values, text => text ?? ""), offsets);

    private static Column<T> Column<T>(string name, T[] values, int[]? offsets)
        where T : notnull => offsets is null ? new Column<T>(name, values) : new Column<T>(name, values, offsets);

    private sealed class Source<T>(ParquetField field, ParquetValues<T> values, Func<ParquetChunkReader<T>.Rows, string, Column> finish) : ParquetSource(field)
    {
        public override Column Read(ParquetChunk chunk, ReadOnlySpan<byte> pages, int rowCount) =>
            finish(new ParquetChunkReader<T>(Field, values).Read(chunk, pages, rowCount), Field.Name);

        public override Column Empty() => finish(new ParquetChunkReader<T>.Rows([], IsMissing: null, Field.IsList ? [0] : null), Field.Name);
    }
}

using System.Numerics;

namespace DotRec.Data;

/// <summary>A column that grows by one field of text at a time.</summary>
internal abstract class ColumnBuilder
{
    /// <summary>Takes the next row's field; false when it is not of the column's type: then the column is of no further use.</summary>
    public abstract bool TryAppend(ReadOnlySpan<byte> field);

    /// <summary>What a field must be, for errors: "a 64-bit integer".</summary>
    public abstract string Expected { get; }

    /// <summary>The column of all rows so far.</summary>
    public abstract Column Build(string name);

    /// <summary>True when no field so far had a number and one had a word for a missing one: then it is no column of numbers, but of words.</summary>
    public virtual bool HasWordsOnly => false;

    /// <summary>An empty column for a field.</summary>
    public static ColumnBuilder Of(TableField field, MissingWords missing) => (field.Schema.Type, field.ListDelimiter, field.IsInferred) switch
    {
        (ColumnType.String, null, _) => new ScalarBuilder<string, StringReader>(new StringReader(new StringPool())),
        (ColumnType.Int64, null, true) when missing.HasNumbers => new ScalarBuilder<long, PresentInt64Reader>(new PresentInt64Reader(missing)),
        (ColumnType.Int64, null, true) => new ScalarBuilder<long, InferredInt64Reader>(default),
        (ColumnType.Int64, null, false) => new ScalarBuilder<long, Int64Reader>(default),
        (ColumnType.Float32, null, true) => new NumberBuilder<float, KeptFloat32>(missing, default),
        (ColumnType.Float32, null, false) => new NumberBuilder<float, AnyFloat32>(missing, default),
        (ColumnType.Float64, null, true) when field.IsId => new NumberBuilder<double, WholeFloat64>(missing, default),
        (ColumnType.Float64, null, true) => new NumberBuilder<double, PlainFloat64>(missing, default),
        (ColumnType.Float64, null, false) => new NumberBuilder<double, AnyFloat64>(missing, default),
        (ColumnType.String, { } delimiter, _) => new JaggedBuilder<string, StringReader>(new StringReader(new StringPool()), delimiter),
        (ColumnType.Int64, { } delimiter, _) => new JaggedBuilder<long, Int64Reader>(default, delimiter),
        (ColumnType.Float32, { } delimiter, _) => new JaggedBuilder<float, ElementReader<float, AnyFloat32>>(new ElementReader<float, AnyFloat32>(missing), delimiter),
        (ColumnType.Float64, { } delimiter, _) => new JaggedBuilder<double, ElementReader<double, AnyFloat64>>(new ElementReader<double, AnyFloat64>(missing), delimiter),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Schema.Type, "Columns hold strings, int64, float32 or float64 values."),
    };

    // Structs: the calls in the loops below are direct and inlined.
    private interface IFieldReader<T>
    {
        string Expected { get; }

        bool TryRead(ReadOnlySpan<byte> field, out T value);
    }

    private readonly struct StringReader(StringPool pool) : IFieldReader<string>
    {
        public string Expected => "UTF-8 text";

        public bool TryRead(ReadOnlySpan<byte> field, out string value) => pool.TryGet(field, out value);
    }

    private readonly struct Int64Reader : IFieldReader<long>
    {
        public string Expected => "a 64-bit integer";

        public bool TryRead(ReadOnlySpan<byte> field, out long value) => NumberParser.TryInt64(field, out value);
    }

    private readonly struct InferredInt64Reader : IFieldReader<long>
    {
        public string Expected => default(Int64Reader).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out long value)
        {
            value = 0;
            return NumberParser.IsPlain(field) && NumberParser.TryInt64(field, out value);
        }
    }

    // Where -99 stands for a missing number.
    private readonly struct PresentInt64Reader(MissingWords missing) : IFieldReader<long>
    {
        public string Expected => default(Int64Reader).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out long value) => default(InferredInt64Reader).TryRead(field, out value) && !missing.Contains(field);
    }

    private readonly struct AnyFloat32 : IFieldReader<float>
    {
        public string Expected => "a number";

        public bool TryRead(ReadOnlySpan<byte> field, out float value) => NumberParser.TryFloat32(field, out value);
    }

    private readonly struct AnyFloat64 : IFieldReader<double>
    {
        public string Expected => "a number";

        public bool TryRead(ReadOnlySpan<byte> field, out double value) => NumberParser.TryFloat64(field, out value);
    }

    // Guessed types hold only what is written as a number is, and what they keep: all else is for a wider type.
    private readonly struct KeptFloat32 : IFieldReader<float>
    {
        public string Expected => default(AnyFloat32).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out float value)
        {
            value = float.NaN;
            return NumberParser.IsPlain(field) && NumberParser.TryKeptFloat32(field, out value)
                && (MathF.Abs(value) < 1 << 24 || NumberParser.IsExact(field, value, 1 << 24));
        }
    }

    private readonly struct PlainFloat64 : IFieldReader<double>
    {
        public string Expected => default(AnyFloat64).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out double value)
        {
            value = double.NaN;
            return NumberParser.IsPlain(field) && NumberParser.TryFloat64(field, out value) && NumberParser.IsExact(field, value);
        }
    }

    private readonly struct WholeFloat64 : IFieldReader<double>
    {
        public string Expected => "a whole number";

        public bool TryRead(ReadOnlySpan<byte> field, out double value) =>
            default(PlainFloat64).TryRead(field, out value) && Math.Abs(value) < 1L << 53 && value == Math.Truncate(value) && !field.ContainsAny((byte)'e', (byte)'E');
    }

    // An element of a list of numbers: an empty one is missing.
    private readonly struct ElementReader<T, TReader>(MissingWords missing) : IFieldReader<T>
        where T : IFloatingPointIeee754<T>
        where TReader : struct, IFieldReader<T>
    {
        public string Expected => default(TReader).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out T value)
        {
            value = T.NaN;
            return field.IsEmpty || default(TReader).TryRead(field, out value) || missing.Contains(field);
        }
    }

    private sealed class NumberBuilder<T, TReader>(MissingWords missing, TReader reader) : ColumnBuilder
        where T : IFloatingPointIeee754<T>
        where TReader : struct, IFieldReader<T>
    {
        private readonly GrowingValues<T> _values = new();
        private readonly bool _missingHasNumbers = missing.HasNumbers;
        private bool _hasWords;

        public override string Expected => reader.Expected;

        public override bool HasWordsOnly => _hasWords && !_values.Any(value => !T.IsNaN(value));

        public override bool TryAppend(ReadOnlySpan<byte> field)
        {
            if (!field.IsEmpty && reader.TryRead(field, out var value) && !(_missingHasNumbers && missing.Contains(field)))
            {
                _values.Add(value);
                return true;
            }

            if (!field.IsEmpty)
            {
                if (!missing.Contains(field))
                {
                    return false;
                }

                _hasWords = true;
            }

            _values.Add(T.NaN);
            return true;
        }

        public override Column Build(string name) => new Column<T>(name, _values.TakeArray());
    }

    private sealed class ScalarBuilder<T, TReader>(TReader reader) : ColumnBuilder
        where T : notnull
        where TReader : struct, IFieldReader<T>
    {
        private readonly GrowingValues<T> _values = new();

        public override string Expected => reader.Expected;

        public override bool TryAppend(ReadOnlySpan<byte> field)
        {
            if (!reader.TryRead(field, out var value))
            {
                return false;
            }

            _values.Add(value);
            return true;
        }

        public override Column Build(string name) => new Column<T>(name, _values.TakeArray());
    }

    private sealed class JaggedBuilder<T, TReader>(TReader reader, byte delimiter) : ColumnBuilder
        where T : notnull
        where TReader : struct, IFieldReader<T>
    {
        private readonly GrowingValues<T> _values = new();
        private readonly List<int> _offsets = [0];

        public override string Expected => $"a list of values separated by '{(char)delimiter}', each {reader.Expected}";

        public override bool TryAppend(ReadOnlySpan<byte> field)
        {
            if (!field.IsEmpty)
            {
                foreach (var part in field.Split(delimiter))
                {
                    if (!reader.TryRead(field[part], out var value))
                    {
                        return false;
                    }

                    _values.Add(value);
                }
            }

            _offsets.Add(_values.Count);
            return true;
        }

        public override Column Build(string name) => new Column<T>(name, _values.TakeArray(), [.. _offsets]);
    }
}

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

    /// <summary>An empty column for a field.</summary>
    public static ColumnBuilder Of(TableField field) => (field.Schema.Type, field.ListDelimiter, field.IsInferred) switch
    {
        (ColumnType.String, null, _) => new ScalarBuilder<string, StringReader>(new StringReader(new StringPool())),
        (ColumnType.Int64, null, true) => new ScalarBuilder<long, InferredInt64Reader>(default),
        (ColumnType.Int64, null, false) => new ScalarBuilder<long, Int64Reader>(default),
        (ColumnType.Float32, null, true) => new ScalarBuilder<float, InferredFloat32Reader>(default),
        (ColumnType.Float32, null, false) => new ScalarBuilder<float, Float32Reader>(default),
        (ColumnType.String, { } delimiter, _) => new JaggedBuilder<string, StringReader>(new StringReader(new StringPool()), delimiter),
        (ColumnType.Int64, { } delimiter, _) => new JaggedBuilder<long, Int64Reader>(default, delimiter),
        (ColumnType.Float32, { } delimiter, _) => new JaggedBuilder<float, Float32Reader>(default, delimiter),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Schema.Type, "Columns hold strings, int64 or float32 values."),
    };

    private interface IFieldReader<T>
    {
        string Expected { get; }

        bool TryRead(ReadOnlySpan<byte> field, out T value);
    }

    // Structs: the calls in the loops below are direct and inlined.
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

    private readonly struct Float32Reader : IFieldReader<float>
    {
        public string Expected => "a number";

        public bool TryRead(ReadOnlySpan<byte> field, out float value)
        {
            value = float.NaN;
            return field.IsEmpty || NumberParser.TryFloat32(field, out value);
        }
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

    private readonly struct InferredFloat32Reader : IFieldReader<float>
    {
        public string Expected => default(Float32Reader).Expected;

        public bool TryRead(ReadOnlySpan<byte> field, out float value)
        {
            value = float.NaN;
            return field.IsEmpty || (NumberParser.IsPlain(field) && NumberParser.TryFloat32(field, out value) && NumberParser.IsExact(field, value));
        }
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

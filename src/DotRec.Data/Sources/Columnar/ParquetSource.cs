using System.Runtime.InteropServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace DotRec.Data;

/// <summary>A column of a Parquet file and how its values become those of a feature column.</summary>
internal abstract class ParquetSource
{
    private readonly string _path;
    private readonly DataField _field;

    private ParquetSource(string path, string name, DataField field)
    {
        _path = path;
        Name = name;
        _field = field;
    }

    protected string Name { get; }

    protected bool IsJagged => _field.MaxRepetitionLevel == 1;

    // In a list, the level just below the highest says "an element, but missing", if elements can be missing.
    private int ElementLevel => _field.MaxDefinitionLevel - (_field is { IsNullable: true, IsArray: false } ? 1 : 0);

    /// <summary>The columns to read.</summary>
    /// <exception cref="DataFormatException">A name is not in the file, or its column holds maps, structures, lists of lists or an unknown type.</exception>
    public static IReadOnlyList<ParquetSource> Of(string path, ParquetSchema schema, IReadOnlyList<string>? names)
    {
        var sources = new List<ParquetSource>();
        foreach (var name in names ?? [.. schema.Fields.Select(field => field.Name)])
        {
            var field = schema.Fields.FirstOrDefault(field => field.Name == name) ?? throw new DataFormatException(
                path, $"there is no column '{name}'. The columns are: {string.Join(", ", schema.Fields.Select(field => field.Name))}.");
            if (sources.Exists(source => source.Name == name))
            {
                throw new DataFormatException(path, $"found two columns '{name}', expected different names.");
            }

            var values = field switch
            {
                DataField { MaxRepetitionLevel: <= 1 } data => data,
                ListField { Item: DataField { MaxRepetitionLevel: 1 } item } => item,
                _ => null,
            };
            sources.Add((values is null ? null : Typed(path, name, values)) ?? throw new DataFormatException(
                path,
                $"column '{name}' holds {values?.ClrType.Name ?? $"{field.SchemaType}"} values, which no feature column can. Choose the columns to read."));
        }

        return sources.Count > 0 ? sources : throw new DataFormatException(path, "there is no column to read.");
    }

    /// <summary>The column of one row group.</summary>
    public async Task<Column> ReadAsync(ParquetRowGroupReader group, CancellationToken cancellationToken)
    {
        using var raw = await group.ReadRawColumnDataBaseAsync(_field, cancellationToken).ConfigureAwait(false);
        return Convert(raw, checked((int)group.RowCount));
    }

    /// <summary>The column of no rows.</summary>
    public abstract Column Empty();

    protected abstract Column Convert(RawColumnData raw, int rowCount);

    private static ParquetSource? Typed(string path, string name, DataField field)
    {
        if (field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var known = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
            return new Source<ReadOnlyMemory<char>, string>(path, name, field, string.Empty, text => Intern(known, text.Span));
        }

        if (field.ClrType == typeof(ReadOnlyMemory<byte>))
        {
            var pool = new StringPool();
            return new Source<ReadOnlyMemory<byte>, string>(path, name, field, string.Empty, bytes => pool.TryGet(bytes.Span, out var text) ? text
                : throw new DataFormatException(path, $"column '{name}' holds {TableReader.Quoted(bytes.Span)}, expected UTF-8 text."));
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => Integers<bool>(value => value ? 1 : 0),
            TypeCode.SByte => Integers<sbyte>(value => value),
            TypeCode.Byte => Integers<byte>(value => value),
            TypeCode.Int16 => Integers<short>(value => value),
            TypeCode.UInt16 => Integers<ushort>(value => value),
            TypeCode.Int32 => Integers<int>(value => value),
            TypeCode.UInt32 => Integers<uint>(value => value),
            TypeCode.Int64 => Integers<long>(value => value),
            TypeCode.UInt64 => Integers<ulong>(value => value <= long.MaxValue ? (long)value
                : throw new DataFormatException(path, $"column '{name}' holds {value}, expected an integer of 63 bits.")),
            TypeCode.DateTime => Integers<DateTime>(time => (long)Math.Floor(RecordValue.UnixSeconds(time))),
            TypeCode.Single => Floats<float>(value => value),
            TypeCode.Double => Floats<double>(value => (float)value),
            TypeCode.Decimal => Floats<decimal>(value => (float)value),
            _ when field.ClrType == typeof(Guid) => new Source<Guid, string>(path, name, field, string.Empty, id => id.ToString()),
            _ => null,
        };

        ParquetSource Integers<TRaw>(Func<TRaw, long> convert)
            where TRaw : struct => new Source<TRaw, long>(path, name, field, missing: null, convert);

        ParquetSource Floats<TRaw>(Func<TRaw, float> convert)
            where TRaw : struct => new Source<TRaw, float>(path, name, field, float.NaN, convert);
    }

    private static string Intern(Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known, ReadOnlySpan<char> text)
    {
        ref var value = ref CollectionsMarshal.GetValueRefOrAddDefault(known, text, out _);
        return value ??= text.ToString();
    }

    private sealed class Source<TRaw, TValue>(string path, string name, DataField field, object? missing, Func<TRaw, TValue> convert)
        : ParquetSource(path, name, field)
        where TRaw : struct
        where TValue : notnull
    {
        public override Column Empty() => IsJagged ? new Column<TValue>(Name, [], [0]) : new Column<TValue>(Name, []);

        // Values are those present, densely; a level for each place says whether a value stands there, and in lists whether a row begins there.
        protected override Column Convert(RawColumnData raw, int rowCount)
        {
            var present = ((RawColumnData<TRaw>)raw).Values;
            var highest = _field.MaxDefinitionLevel;
            var next = 0;
            if (!IsJagged)
            {
                var definitions = highest == 0 ? [] : raw.DefinitionLevels;
                var column = new TValue[rowCount];
                for (var row = 0; row < rowCount; row++)
                {
                    column[row] = highest == 0 || definitions[row] == highest ? convert(present[next++]) : Missing(row);
                }

                return new Column<TValue>(Name, column);
            }

            var (values, offsets) = (new List<TValue>(), new List<int>(rowCount + 1));
            var levels = raw.DefinitionLevels;
            var repetitions = raw.RepetitionLevels;
            for (var place = 0; place < levels.Length; place++)
            {
                if (repetitions[place] == 0)
                {
                    offsets.Add(values.Count);
                }

                if (levels[place] == highest)
                {
                    values.Add(convert(present[next++]));
                }
                else if (levels[place] >= ElementLevel)
                {
                    values.Add(Missing(offsets.Count - 1));
                }
            }

            offsets.Add(values.Count);
            return offsets.Count == rowCount + 1
                ? new Column<TValue>(Name, [.. values], [.. offsets])
                : throw new DataFormatException(_path, $"column '{Name}' holds {offsets.Count - 1} rows in a row group of {rowCount}.");
        }

        private TValue Missing(int row) => missing is TValue value ? value : throw new DataFormatException(
            _path,
            $"column '{Name}' has no value in row {row} of a row group, expected an integer. Store it as floats, or put in a value that stands for it.");
    }
}

using System.Globalization;
using System.Text;

namespace DotRec.Data;

/// <summary>Reads the records of a delimited file into columns of a known type.</summary>
internal sealed class TableReader
{
    /// <summary>What becomes of a field that is not of its column's type: true takes it as an answer, false throws the error.</summary>
    public delegate bool Misfit(TableField field, ReadOnlySpan<byte> text, DataFormatException error);

    private readonly DelimitedReader _reader;
    private readonly string _file;
    private readonly IReadOnlyList<TableField> _fields;
    private readonly int _fieldCount;
    private readonly MissingWords _missing;

    /// <param name="reader">Stands before the first record to read.</param>
    /// <param name="file">What errors call the file.</param>
    /// <param name="fields">The fields to read.</param>
    /// <param name="fieldCount">Fields that every record must have.</param>
    /// <param name="missing">Words for missing numbers.</param>
    public TableReader(DelimitedReader reader, string file, IReadOnlyList<TableField> fields, int fieldCount, MissingWords missing)
    {
        _missing = missing;
        _reader = reader;
        _file = file;
        _fields = fields;
        _fieldCount = fieldCount;
    }

    /// <summary>Reads all records; null when a field is not of its type and <paramref name="misfit"/> takes that as its answer.</summary>
    /// <param name="misfit">Asked about the first field that is not of its type, with the error that says so: false throws it.</param>
    /// <exception cref="DataFormatException">A record has another number of fields, or a field is not of its type.</exception>
    public FeatureBatch? Read(Misfit misfit)
    {
        var builders = new ColumnBuilder[_fields.Count];
        var positions = new int[_fields.Count];
        for (var i = 0; i < builders.Length; i++)
        {
            builders[i] = ColumnBuilder.Of(_fields[i], _missing);
            positions[i] = _fields[i].Position;
        }

        while (_reader.Read())
        {
            if (_reader.FieldCount != _fieldCount)
            {
                throw new DataFormatException(_file, _reader.Line, $"found {Count(_reader.FieldCount)}, expected {_fieldCount}.");
            }

            for (var i = 0; i < builders.Length; i++)
            {
                var field = _reader[positions[i]];
                if (!builders[i].TryAppend(field))
                {
                    var error = new DataFormatException(
                        _file, _reader.Line, positions[i] + 1, _fields[i].Schema.Name, Quoted(field), builders[i].Expected + EncodingHint(field));
                    return misfit(_fields[i], field, error) ? null : throw error;
                }
            }
        }

        var columns = new Column[builders.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            // Words alone make no numbers: the column is one of texts, guessed wrongly, and has to be read again.
            if (builders[i].HasWordsOnly && _fields[i].IsInferred)
            {
                var error = new DataFormatException(_file, $"column '{_fields[i].Schema.Name}' holds words, expected numbers.");
                return misfit(_fields[i].Of(ColumnType.Float64), default, error) ? null : throw error;
            }

            columns[i] = builders[i].Build(_fields[i].Schema.Name);
        }

        return new FeatureBatch(columns);
    }

    /// <summary>The text of a field as an error shows it: short, without control characters, and bytes that are no UTF-8 in hexadecimal.</summary>
    internal static string Quoted(ReadOnlySpan<byte> field)
    {
        const int Longest = 40;
        if (field.IsEmpty)
        {
            return "an empty field";
        }

        if (!System.Text.Unicode.Utf8.IsValid(field))
        {
            return $"bytes that are no UTF-8 ({Convert.ToHexString(field[..Math.Min(field.Length, Longest / 2)])})";
        }

        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(field).EnumerateRunes())
        {
            if (text.Length >= Longest)
            {
                text.Append('…');
                break;
            }

            text.Append(Rune.IsControl(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}") : rune.ToString());
        }

        return $"'{text}'";
    }

    internal static string? EncodingHint(ReadOnlySpan<byte> field) =>
        System.Text.Unicode.Utf8.IsValid(field) ? null : $". Save the file as UTF-8, or say which encoding it has ({nameof(CsvOptions)}.{nameof(CsvOptions.Encoding)}, --encoding windows-1252)";

    private static string Count(int fields) => fields == 1 ? "1 column" : $"{fields} columns";
}

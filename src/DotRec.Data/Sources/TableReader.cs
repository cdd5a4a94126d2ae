using System.Globalization;
using System.Text;

namespace DotRec.Data;

/// <summary>Reads the records of a delimited file into columns of a known type.</summary>
internal sealed class TableReader
{
    private readonly DelimitedReader _reader;
    private readonly string _file;
    private readonly IReadOnlyList<TableField> _fields;
    private readonly int _fieldCount;

    /// <param name="reader">Stands before the first record to read.</param>
    /// <param name="file">What errors call the file.</param>
    /// <param name="fields">The fields to read.</param>
    /// <param name="fieldCount">Fields that every record must have.</param>
    public TableReader(DelimitedReader reader, string file, IReadOnlyList<TableField> fields, int fieldCount)
    {
        _reader = reader;
        _file = file;
        _fields = fields;
        _fieldCount = fieldCount;
    }

    /// <summary>Reads all records; null when a field is not of its type and <paramref name="misfit"/> takes that as its answer.</summary>
    /// <param name="misfit">Asked about the first field that is not of its type: false makes it an error.</param>
    /// <exception cref="DataFormatException">A record has another number of fields, or a field is not of its type.</exception>
    public FeatureBatch? Read(Func<TableField, bool>? misfit = null)
    {
        var builders = new ColumnBuilder[_fields.Count];
        var positions = new int[_fields.Count];
        for (var i = 0; i < builders.Length; i++)
        {
            builders[i] = ColumnBuilder.Of(_fields[i]);
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
                    return misfit is not null && misfit(_fields[i])
                        ? null
                        : throw new DataFormatException(
                            _file, _reader.Line, positions[i] + 1, _fields[i].Schema.Name, Quoted(field), builders[i].Expected + EncodingHint(field));
                }
            }
        }

        var columns = new Column[builders.Length];
        for (var i = 0; i < columns.Length; i++)
        {
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

    private static string? EncodingHint(ReadOnlySpan<byte> field) =>
        System.Text.Unicode.Utf8.IsValid(field) ? null : ". If the file has another encoding, give it in the options";

    private static string Count(int fields) => fields == 1 ? "1 column" : $"{fields} columns";
}

using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace DotRec.Data;

/// <summary>Reads flat JSON objects as rows: an array of them, or one after another, as in files with an object a line.</summary>
/// <remarks>
/// Texts are strings, also where they look like numbers; numbers are int64, float32 or float64 by the rules of <see cref="Csv"/>; true and false are 1 and
/// 0; null and a property that an object lacks are missing; arrays are lists. Where values of several kinds meet, the column is of strings.
/// </remarks>
internal static class JsonTable
{
    private const int DeepestNesting = 64;

    // Of objects that share no properties the table is the square of the file: such a one is taken for a mistake.
    private const long FreeCells = 1 << 24;
    private const long CellsAValue = 1000;

    /// <exception cref="DataFormatException">The file is no JSON, or an object is not flat.</exception>
    public static FeatureBatch Read(DataFile file, CsvOptions options)
    {
        try
        {
            return Table(file, options);
        }
        catch (InvalidOperationException broken)
        {
            // An escape such as \ud800 that is half a character: well-formed JSON, but no text.
            throw new DataFormatException(file.Name, "found a text or a name with half a character in it (an escape from \\ud800 to \\udfff without its other half).", broken);
        }
    }

    private static FeatureBatch Table(DataFile file, CsvOptions options)
    {
        var columns = new List<Values>();
        var byName = new Dictionary<string, Values>(StringComparer.Ordinal);
        var rows = 0;
        var values = 0L;
        foreach (var row in Rows(file))
        {
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw new DataFormatException(file.Name, $"found {Kind(row)} as row {rows + 1}, expected an object such as {{\"user_id\": 1}}.");
            }

            foreach (var property in row.EnumerateObject())
            {
                if (options.Columns?.Contains(property.Name, StringComparer.Ordinal) == false || (options.Columns is null && options.IsWanted?.Invoke(property.Name) == false))
                {
                    continue;
                }

                values++;
                if (!byName.TryGetValue(property.Name, out var column))
                {
                    columns.Add(column = byName[property.Name] = new Values(property.Name));
                }

                if (!column.TryAdd(rows, property.Value))
                {
                    throw new DataFormatException(
                        file.Name, $"row {rows + 1} has {Kind(property.Value)} in '{property.Name}', expected a text, a number, true, false, null or a list of these. Choose the columns to read, or make the objects flat.");
                }
            }

            rows++;
            if ((long)rows * columns.Count > FreeCells && (long)rows * columns.Count > values * CellsAValue)
            {
                throw new DataFormatException(file.Name, $"found {columns.Count} properties in {rows} objects of which each has few. Is a property's name what should be a value?");
            }
        }

        if (options.Columns?.FirstOrDefault(name => !byName.ContainsKey(name)) is { } absent)
        {
            throw new DataFormatException(file.Name, $"there is no column '{absent}'. The columns are: {string.Join(", ", byName.Keys)}.");
        }

        return columns.Count > 0
            ? new FeatureBatch([.. (options.Columns?.Select(name => byName[name]) ?? columns).Select(values => values.Build(rows))])
            : throw new DataFormatException(file.Name, rows > 0 && options.IsWanted is not null
                ? "none of its columns is one of those to read."
                : "found no objects, expected at least one with a property.");
    }

    private static List<JsonElement> Rows(DataFile file)
    {
        using var stream = file.Open();
        using var memory = new MemoryStream();
        try
        {
            stream.CopyTo(memory);
        }
        catch (IOException tooLong) when (memory.Length > 1 << 30)
        {
            throw new DataFormatException(file.Name, $"found more than {memory.Length} bytes of JSON, which are more than can be read at once. Save the table as CSV or Parquet, or in several files of a folder.", tooLong);
        }

        var bytes = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        bytes = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        return Utf8.IsValid(bytes.Span) ? Elements(file.Name, bytes) : throw new DataFormatException(file.Name, "found bytes that are no UTF-8 text, expected JSON, which is. Save the file as UTF-8.");
    }

    private static List<JsonElement> Elements(string file, ReadOnlyMemory<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes.Span, new JsonReaderOptions
        {
            AllowMultipleValues = true,
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = DeepestNesting,
        });
        var rows = new List<JsonElement>();
        try
        {
            while (reader.Read())
            {
                // An array at the top is one of rows: its elements are taken one by one.
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0)
                {
                    continue;
                }

                rows.Add(JsonElement.ParseValue(ref reader));
            }

            return rows;
        }
        catch (JsonException broken)
        {
            throw new DataFormatException(file, (broken.LineNumber ?? 0) + 1, $"found what is no JSON: {broken.Message}");
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        var other => $"{other}".ToLowerInvariant(),
    };

    // One column as texts, with what they were.
    private sealed class Values(string name)
    {
        private readonly List<string?> _values = [];
        private readonly List<int> _ends = [];
        private bool _hasLists;
        private bool _hasTexts;
        private bool _hasNumbers;
        private bool _hasBooleans;

        public bool TryAdd(int row, JsonElement value)
        {
            while (_ends.Count < row)
            {
                // Rows before that lack the property.
                AddMissing();
            }

            // Of a property that an object has twice, the last counts.
            if (_ends.Count > row)
            {
                _ends.RemoveAt(row);
                _values.RemoveRange(row == 0 ? 0 : _ends[row - 1], _values.Count - (row == 0 ? 0 : _ends[row - 1]));
            }

            if (value.ValueKind != JsonValueKind.Array)
            {
                var added = TryAdd(value);
                _ends.Add(_values.Count);
                return added;
            }

            _hasLists = true;
            foreach (var element in value.EnumerateArray())
            {
                if (!TryAdd(element))
                {
                    return false;
                }
            }

            _ends.Add(_values.Count);
            return true;
        }

        public Column Build(int rowCount)
        {
            while (_ends.Count < rowCount)
            {
                AddMissing();
            }

            var offsets = _hasLists ? Offsets() : null;
            var isNumbers = !_hasTexts && !(_hasBooleans && _hasNumbers) && (_hasNumbers || _hasBooleans);
            return (isNumbers ? Numbers(offsets) : null) ?? Column([.. _values.Select(value => value ?? "")], offsets);
        }

        // A row that is missing is an empty list.
        private int[] Offsets()
        {
            var (kept, offsets) = (new List<string?>(), new int[_ends.Count + 1]);
            for (var row = 0; row < _ends.Count; row++)
            {
                var start = row == 0 ? 0 : _ends[row - 1];
                var isMissing = _ends[row] == start + 1 && _values[start] is null;
                kept.AddRange(isMissing ? [] : _values[start.._ends[row]]);
                offsets[row + 1] = kept.Count;
            }

            _values.Clear();
            _values.AddRange(kept);
            return offsets;
        }

        // Null where an integer would lose digits: then all are texts.
        private Column? Numbers(int[]? offsets)
        {
            var integers = new long[_values.Count];
            var isWhole = true;
            for (var i = 0; isWhole && i < integers.Length; i++)
            {
                isWhole = _values[i] is { } text && NumberParser.TryInt64(Encoding.ASCII.GetBytes(text), out integers[i]);
            }

            if (isWhole)
            {
                return Column(integers, offsets);
            }

            var (numbers, isKept) = (new double[_values.Count], true);
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = double.NaN;
                if (_values[i] is { } text)
                {
                    var bytes = Encoding.ASCII.GetBytes(text);
                    if (!NumberParser.TryFloat64(bytes, out numbers[i]) || !NumberParser.IsExact(bytes, numbers[i]))
                    {
                        return null;
                    }

                    isKept &= NumberParser.TryKeptFloat32(bytes, out _);
                }
            }

            return isKept ? Column(Array.ConvertAll(numbers, number => (float)number), offsets) : Column(numbers, offsets);
        }

        private Column<T> Column<T>(T[] values, int[]? offsets)
            where T : notnull => offsets is null ? new Column<T>(name, values) : new Column<T>(name, values, offsets);

        private bool TryAdd(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    _hasTexts = true;
                    _values.Add(value.GetString());
                    return true;
                case JsonValueKind.Number:
                    _hasNumbers = true;
                    _values.Add(value.GetRawText());
                    return true;
                case JsonValueKind.True or JsonValueKind.False:
                    _hasBooleans = true;
                    _values.Add(value.GetBoolean() ? "1" : "0");
                    return true;
                case JsonValueKind.Null:
                    _values.Add(null);
                    return true;
                default:
                    return false;
            }
        }

        private void AddMissing()
        {
            _values.Add(null);
            _ends.Add(_values.Count);
        }
    }
}

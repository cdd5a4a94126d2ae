using System.Buffers;
using System.Globalization;
using System.Text;

namespace DotRec.Serving;

/// <summary>RFC 4180: commas, fields quoted where they must be, numbers in the invariant culture and enough digits to read the same float back.</summary>
internal sealed class CsvRecommendationWriter : RecommendationWriter
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    private readonly StreamWriter _text;

    public CsvRecommendationWriter(Stream stream, IReadOnlyList<string> names)
    {
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        for (var i = 0; i < names.Count; i++)
        {
            Separate(i);
            Text(names[i]);
        }

        _text.Write('\n');
    }

    public override void Write(RecommendationRows rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows.Columns.Length; column++)
            {
                Separate(column);
                Value(rows.Columns[column], row);
            }

            _text.Write('\n');
        }
    }

    public override void Complete() => _text.Flush();

    public override void Dispose() => _text.Dispose();

    private void Separate(int column)
    {
        if (column > 0)
        {
            _text.Write(',');
        }
    }

    private void Value(Array column, int row)
    {
        switch (column)
        {
            case string?[] texts:
                Text(texts[row] ?? "");
                break;
            case int[] numbers:
                Number(numbers[row]);
                break;
            case long[] numbers:
                Number(numbers[row]);
                break;
            case float[] numbers:
                Number(numbers[row]);
                break;
            case double[] numbers:
                Number(numbers[row]);
                break;
        }
    }

    private void Number<T>(T number)
        where T : ISpanFormattable
    {
        Span<char> digits = stackalloc char[32];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        _text.Write(digits[..length]);
    }

    private void Text(string text)
    {
        if (text.AsSpan().IndexOfAny(NeedQuotes) < 0)
        {
            _text.Write(text);
        }
        else
        {
            _text.Write('"');
            _text.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
            _text.Write('"');
        }
    }
}

using System.Text;

namespace DotRec.Data;

/// <summary>
/// The few values of a column of texts that are no numbers where nearly all are: a word for a missing number, a unit, a slip. One of them makes the whole
/// column text, so it has to be told.
/// </summary>
/// <param name="Words">The first different ones.</param>
/// <param name="Count">How many values are no numbers.</param>
/// <param name="Numbers">How many are.</param>
/// <param name="FirstRow">Row of the first, from 0.</param>
/// <param name="InfiniteRow">Row of the first infinite number, from 0; -1 where there is none.</param>
internal sealed record StrayWords(IReadOnlyList<string> Words, int Count, int Numbers, int FirstRow, int InfiniteRow)
{
    private const int ShownWords = 3;

    // Of texts that are not meant as numbers, less than nine in ten look like one.
    private const int NumbersToStray = 9;

    /// <summary>The stray words of a column of texts; null where it is one of numbers without any, or one of texts.</summary>
    public static StrayWords? Of(Column<string> texts, MissingWords missing)
    {
        var words = new List<string>();
        var (numbers, count, first, infinite) = (0, 0, -1, -1);
        var values = texts.Values;
        for (var row = 0; row < values.Length; row++)
        {
            var text = values[row];
            switch (KindOf(text, missing))
            {
                case Kind.Name:
                    return null;
                case Kind.Number:
                    numbers++;
                    break;
                case Kind.Word:
                    count++;
                    first = first < 0 ? row : first;
                    infinite = infinite < 0 && NumberParser.IsInfinity(text) ? row : infinite;
                    if (words.Count < ShownWords && !words.Contains(text, StringComparer.Ordinal))
                    {
                        words.Add(text);
                    }

                    break;
            }

            // Columns of texts end here soon.
            if (count > 100 && row < 1000 && numbers < count)
            {
                return null;
            }
        }

        return count > 0 && numbers >= (long)NumbersToStray * count ? new StrayWords(words, count, numbers, first, infinite) : null;
    }

    private enum Kind
    {
        Missing,
        Number,
        Word,
        Name,
    }

    private static Kind KindOf(string text, MissingWords missing)
    {
        const int LongestNumber = 40;
        if (text.Length == 0)
        {
            return Kind.Missing;
        }

        if (text.Length > LongestNumber)
        {
            return Kind.Word;
        }

        Span<byte> bytes = stackalloc byte[LongestNumber * 3];
        var field = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        if (missing.Contains(field))
        {
            return Kind.Missing;
        }

        if (NumberParser.TryFloat64(field, out var number) && double.IsFinite(number))
        {
            // Zeros at the front, and more digits than a number keeps, are for names.
            var digits = field.TrimStart("+-"u8);
            return (digits is [(byte)'0', >= (byte)'0' and <= (byte)'9', ..] || !NumberParser.IsExact(field, number)) ? Kind.Name : Kind.Number;
        }

        return FormattedNumber.TryParse(text, out var formatted) && formatted.Styles() != 0 ? Kind.Number : Kind.Word;
    }
}

using System.Numerics;
using System.Text;

namespace DotRec.Data;

/// <summary>
/// Reads a column of texts as numbers where all its values are numbers written in one style: "1,619.84", "1.619,84 €", "12 %", "(250)". What could be two
/// different numbers, or might be a name, stays text.
/// </summary>
internal sealed class FormattedNumbers
{
    // A longer run of digits is a name.
    private const int LongestNumber = 40;

    private readonly Column<string> _texts;
    private readonly MissingWords _missing;
    private int _styles = NumberStyle.AllMask;
    private string? _currency;
    private bool _isPercent;
    private int _firstNumber = -1;

    private FormattedNumbers(Column<string> texts, MissingWords missing) => (_texts, _missing) = (texts, missing);

    /// <summary>The numbers; null where the texts are not numbers for sure.</summary>
    /// <param name="texts">One value a row.</param>
    /// <param name="missing">Words for missing numbers.</param>
    /// <param name="decimalSeparator">The decimal separator, where it is known.</param>
    /// <param name="commasAreThousands">What "1,234" is in a column that could be read both ways; null when nothing tells.</param>
    /// <param name="isNumber">True when the column is known to hold numbers: then only what could be two different numbers is refused.</param>
    /// <param name="note">What was assumed, or why nothing was.</param>
    public static Column? TryRead(
        Column<string> texts, MissingWords missing, char? decimalSeparator, bool? commasAreThousands, bool isNumber, out string? note)
    {
        note = null;
        var numbers = new FormattedNumbers(texts, missing);
        if (!numbers.Scan() || numbers._firstNumber < 0)
        {
            return null;
        }

        if (decimalSeparator is { } known)
        {
            numbers.Keep(style => style.Decimal == known);
        }
        else if (numbers.Ambiguous() is { } ambiguous)
        {
            if (commasAreThousands is not { } thousands || ambiguous.Contains('.', StringComparison.Ordinal))
            {
                note = $"column '{texts.Name}' holds texts such as '{ambiguous}', which may be thousands or decimals: it is left as text. Say which with the decimal separator.";
                return null;
            }

            numbers.Keep(style => style.Decimal == (thousands ? '.' : ','));
        }

        if (numbers._styles == 0)
        {
            return null;
        }

        var style = NumberStyle.All[BitOperations.TrailingZeroCount(numbers._styles)];
        if (!isNumber && !numbers.IsEvident(style))
        {
            return null;
        }

        var read = numbers.Read(style);
        note = read is null ? null : numbers.Note(style);
        return read;
    }

    private void Keep(Predicate<NumberStyle> wanted)
    {
        for (var i = 0; i < NumberStyle.All.Length; i++)
        {
            _styles &= wanted(NumberStyle.All[i]) ? ~0 : ~(1 << i);
        }
    }

    private bool IsMissing(string text) => text.Length == 0 || (text.Length <= LongestNumber && _missing.Contains(Encoding.UTF8.GetBytes(text)));

    // The styles that all values are written in; false when one is no number, or signs differ.
    private bool Scan()
    {
        var values = _texts.Values;
        for (var row = 0; row < values.Length; row++)
        {
            var text = values[row];
            if (row > 0 && ReferenceEquals(text, values[row - 1]))
            {
                continue;
            }

            if (text.Length > LongestNumber || !FormattedNumber.TryParse(text, out var number))
            {
                if (IsMissing(text))
                {
                    continue;
                }

                return false;
            }

            if (_firstNumber < 0)
            {
                (_firstNumber, _isPercent) = (row, number.IsPercent);
            }

            if (_isPercent != number.IsPercent)
            {
                return false;
            }

            if (!number.Currency.IsEmpty)
            {
                _currency ??= number.Currency.ToString();
                if (!number.Currency.Equals(_currency, StringComparison.OrdinalIgnoreCase))
                {
                    return false;
                }
            }

            _styles &= number.Styles();
            if (_styles == 0)
            {
                return false;
            }
        }

        return true;
    }

    // A value that the styles left read as different numbers.
    private string? Ambiguous()
    {
        Span<byte> one = stackalloc byte[LongestNumber + 2];
        Span<byte> other = stackalloc byte[LongestNumber + 2];
        var first = BitOperations.TrailingZeroCount(_styles);
        foreach (var text in _texts.Values)
        {
            if (!FormattedNumber.TryParse(text, out var number))
            {
                continue;
            }

            var length = number.CopyPlain(NumberStyle.All[first], one);
            for (var i = first + 1; i < NumberStyle.All.Length; i++)
            {
                if ((_styles & (1 << i)) != 0 && !one[..length].SequenceEqual(other[..number.CopyPlain(NumberStyle.All[i], other)]))
                {
                    return text;
                }
            }
        }

        return null;
    }

    // Lists of ids ("101,202") and telephone numbers ("555 123 456") have groups of three, too; amounts differ in length, have decimals or a sign.
    private bool IsEvident(NumberStyle style)
    {
        if (_currency is not null || _isPercent)
        {
            return true;
        }

        var (lengths, isShort) = (0UL, false);
        foreach (var text in _texts.Values)
        {
            if (FormattedNumber.TryParse(text, out var number))
            {
                if (number.HasDecimals(style) || number.IsNegative)
                {
                    return true;
                }

                lengths |= 1UL << number.Digits.Length;
                isShort |= number.LeadingGroup(style) is 1 or 2;
            }
        }

        return isShort && BitOperations.PopCount(lengths) > 1;
    }

    // Null when a value is a run of digits that no double holds: such are names.
    private Column? Read(NumberStyle style)
    {
        Span<byte> plain = stackalloc byte[LongestNumber + 2];
        var numbers = new double[_texts.RowCount];
        var (isWhole, isKept) = (true, true);
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = double.NaN;
            if (!FormattedNumber.TryParse(_texts.Values[row], out var number))
            {
                isWhole = false;
                continue;
            }

            var length = number.CopyPlain(style, plain);
            if (!NumberParser.TryFloat64(plain[..length], out numbers[row]) || !NumberParser.IsExact(plain[..length], numbers[row]))
            {
                return null;
            }

            isWhole &= numbers[row] == Math.Truncate(numbers[row]) && Math.Abs(numbers[row]) < 1L << 53;
            isKept &= (float)numbers[row] == numbers[row] || ColumnConversion.Widened((float)numbers[row]) == numbers[row];
        }

        var column = new Column<double>(_texts.Name, numbers);
        return isWhole ? column.ConvertTo(ColumnType.Int64) : isKept ? column.ConvertTo(ColumnType.Float32) : column;
    }

    private string Example()
    {
        foreach (var text in _texts.Values)
        {
            if (FormattedNumber.TryParse(text, out var number) && number.Digits.ContainsAnyExceptInRange('0', '9'))
            {
                return text;
            }
        }

        return _texts.Values[_firstNumber];
    }

    private string Note(NumberStyle style)
    {
        var example = Example();
        Span<byte> plain = stackalloc byte[LongestNumber + 2];
        _ = FormattedNumber.TryParse(example, out var number);
        var length = number.CopyPlain(style, plain);
        return $"column '{_texts.Name}' is read as numbers: '{example}' is {Encoding.ASCII.GetString(plain[..length])}{(_isPercent ? " percent" : "")}.";
    }
}

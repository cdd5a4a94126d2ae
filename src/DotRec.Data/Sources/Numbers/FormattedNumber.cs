using System.Globalization;

namespace DotRec.Data;

/// <summary>
/// A number as people write it: with separators between thousands, a decimal comma, a currency sign or code, a percent sign, or in parentheses for a
/// negative amount.
/// </summary>
internal readonly ref struct FormattedNumber
{
    // Codes and signs of letters; signs that Unicode calls currency symbols are known by that.
    private static readonly string[] CurrencyCodes =
        ["USD", "EUR", "GBP", "JPY", "CHF", "CNY", "RMB", "INR", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN", "TRY", "RUB", "US$", "R$", "Rs.", "Rs", "kr", "zł", "Kč", "Ft", "Fr."];

    private FormattedNumber(ReadOnlySpan<char> digits, bool isNegative, ReadOnlySpan<char> currency, bool isPercent)
    {
        Digits = digits;
        IsNegative = isNegative;
        Currency = currency;
        IsPercent = isPercent;
    }

    /// <summary>Digits and separators.</summary>
    public ReadOnlySpan<char> Digits { get; }

    public bool IsNegative { get; }

    /// <summary>The currency as written; empty when there is none.</summary>
    public ReadOnlySpan<char> Currency { get; }

    public bool IsPercent { get; }

    /// <summary>Takes the signs off; false when the rest is no run of digits and separators.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FormattedNumber number)
    {
        number = default;
        text = text.Trim();
        var isNegative = text.Length > 2 && text[0] == '(' && text[^1] == ')';
        text = isNegative ? text[1..^1].Trim() : text;
        var isPercent = text.Length > 1 && text[^1] == '%';
        text = isPercent ? text[..^1].TrimEnd() : text;
        isNegative |= TakeMinus(ref text);
        var currency = TakeCurrency(ref text);
        isNegative |= TakeMinus(ref text);
        if (text.IsEmpty || !(char.IsAsciiDigit(text[0]) || (text.Length > 1 && text[0] is '.' or ',')))
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character) && SeparatorOf(character) == '\0')
            {
                return false;
            }
        }

        number = new FormattedNumber(text, isNegative, currency, isPercent);
        return true;
    }

    /// <summary>The styles, as a mask, that the digits are written in: groups of three, then decimals. Zeros at the front are for names, not for numbers.</summary>
    public int Styles()
    {
        var styles = 0;
        for (var i = 0; i < NumberStyle.All.Length; i++)
        {
            styles |= IsIn(NumberStyle.All[i]) ? 1 << i : 0;
        }

        return styles;
    }

    /// <summary>The number as plain text: digits, a point, a minus.</summary>
    /// <param name="style">One of <see cref="Styles"/>.</param>
    /// <param name="text">At least two longer than the digits.</param>
    public int CopyPlain(NumberStyle style, Span<byte> text)
    {
        var length = 0;
        if (IsNegative)
        {
            text[length++] = (byte)'-';
        }

        var digits = Digits.TrimEnd(style.Decimal);
        if (digits[0] == style.Decimal)
        {
            text[length++] = (byte)'0';
        }

        foreach (var character in digits)
        {
            if (char.IsAsciiDigit(character))
            {
                text[length++] = (byte)character;
            }
            else if (character == style.Decimal)
            {
                text[length++] = (byte)'.';
            }
        }

        return length;
    }

    /// <summary>Digits before the first separator between thousands; 0 when there is none.</summary>
    public int LeadingGroup(NumberStyle style)
    {
        for (var i = 0; i < Digits.Length; i++)
        {
            var separator = SeparatorOf(Digits[i]);
            if (separator == style.Group)
            {
                return i;
            }

            if (separator == style.Decimal)
            {
                return 0;
            }
        }

        return 0;
    }

    public bool HasDecimals(NumberStyle style) => Digits.Contains(style.Decimal);

    private bool IsIn(NumberStyle style)
    {
        var (group, groups, position) = (0, 0, 0);
        char used = '\0';
        for (; position < Digits.Length; position++)
        {
            var separator = SeparatorOf(Digits[position]);
            if (separator == '\0')
            {
                group++;
            }
            else if (separator == style.Group && (groups == 0 ? group is >= 1 and <= 3 : group == 3) && (used == '\0' || used == Digits[position]))
            {
                (group, groups, used) = (0, groups + 1, Digits[position]);
            }
            else if (separator == style.Decimal)
            {
                break;
            }
            else
            {
                return false;
            }
        }

        var decimals = Math.Max(0, Digits.Length - position - 1);
        foreach (var character in Digits[Math.Min(Digits.Length, position + 1)..])
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        var whole = position;
        var hasLeadingZero = whole > 1 && Digits[0] == '0';
        return (groups == 0 || group == 3) && !hasLeadingZero && (whole > 0 || decimals > 0);
    }

    private static char SeparatorOf(char character) => character switch
    {
        '.' or ',' => character,
        ' ' or '\u00A0' or '\u202F' or '\u2009' => ' ',
        '\'' or '\u2019' => '\'',
        _ => '\0',
    };

    private static bool TakeMinus(ref ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('-' or '\u2212'))
        {
            return false;
        }

        text = text[1..].TrimStart();
        return true;
    }

    private static ReadOnlySpan<char> TakeCurrency(scoped ref ReadOnlySpan<char> text)
    {
        foreach (var code in CurrencyCodes)
        {
            if (text.StartsWith(code, StringComparison.OrdinalIgnoreCase))
            {
                return Split(ref text, code.Length, isFirst: true);
            }

            if (text.EndsWith(code, StringComparison.OrdinalIgnoreCase))
            {
                return Split(ref text, code.Length, isFirst: false);
            }
        }

        return text.Length > 1 && char.GetUnicodeCategory(text[0]) == UnicodeCategory.CurrencySymbol ? Split(ref text, 1, isFirst: true)
            : text.Length > 1 && char.GetUnicodeCategory(text[^1]) == UnicodeCategory.CurrencySymbol ? Split(ref text, 1, isFirst: false)
            : default;
    }

    private static ReadOnlySpan<char> Split(scoped ref ReadOnlySpan<char> text, int length, bool isFirst)
    {
        var currency = isFirst ? text[..length] : text[^length..];
        text = isFirst ? text[length..].TrimStart() : text[..^length].TrimEnd();
        return currency;
    }
}

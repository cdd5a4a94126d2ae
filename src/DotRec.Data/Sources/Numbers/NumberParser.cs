using System.Globalization;

namespace DotRec.Data;

/// <summary>Numbers from UTF-8 text, culture invariant. The common short forms take a path of their own, several times faster than the general one.</summary>
internal static class NumberParser
{
    // 10^18 - 1 fits 64 bits: up to 18 digits need no check for overflow.
    private const int SafeInt64Digits = 18;

    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads an optional sign and digits, nothing else.</summary>
    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var start = negative ? 1 : 0;
        if (text.Length == start || text.Length - start > SafeInt64Digits)
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        var sum = 0L;
        for (var i = start; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit > 9)
            {
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
            }

            sum = (sum * 10) + digit;
        }

        value = negative ? -sum : sum;
        return true;
    }

    /// <summary>Reads a decimal number, rounded to the nearest float. What a float cannot hold ("1e99") is refused; NaN and Infinity are read.</summary>
    /// <remarks>
    /// At most 15 digits and at most 22 decimals (Clinger, 1990): digits and power of ten are exact doubles, so their quotient is the correctly rounded double.
    /// Rounding that to float gives the correctly rounded float, too, unless it lies exactly half way between two floats: then the general path decides.
    /// </remarks>
    public static bool TryFloat32(ReadOnlySpan<byte> text, out float value)
    {
        if (TryShort(text, out var digits, out var decimals))
        {
            var quotient = digits / PowersOfTen[decimals];
            if ((BitConverter.DoubleToUInt64Bits(quotient) & 0x1FFFFFFF) != 0x10000000)
            {
                value = (float)(text[0] == '-' ? -quotient : quotient);
                return true;
            }
        }

        return float.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value)
            && (!float.IsInfinity(value) || !text.ContainsAnyInRange((byte)'0', (byte)'9'));
    }

    /// <summary>Reads a decimal number, rounded to the nearest double. What a double cannot hold ("1e999") is refused; NaN and Infinity are read.</summary>
    public static bool TryFloat64(ReadOnlySpan<byte> text, out double value)
    {
        if (TryShort(text, out var digits, out var decimals))
        {
            value = digits / PowersOfTen[decimals];
            value = text[0] == '-' ? -value : value;
            return true;
        }

        return double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value)
            && (!double.IsInfinity(value) || !text.ContainsAnyInRange((byte)'0', (byte)'9'));
    }

    /// <summary>
    /// Reads a decimal number that a float32 keeps: the shortest text of the float is the number again, or the float is the number exactly. So are all
    /// of at most six digits, most of seven and few of more.
    /// </summary>
    public static bool TryKeptFloat32(ReadOnlySpan<byte> text, out float value)
    {
        const long SixDigits = 1_000_000;
        if (TryShort(text, out var digits, out var decimals))
        {
            var number = digits / PowersOfTen[decimals];
            number = text[0] == '-' ? -number : number;
            value = (float)number;
            return digits < SixDigits || value == number || ColumnConversion.Widened(value) == number;
        }

        value = float.NaN;
        return TryFloat64(text, out var wide) && !float.IsInfinity(value = (float)wide) && (value == wide || ColumnConversion.Widened(value) == wide);
    }

    // An optional sign and at most 15 digits, at most 22 of them decimals: digits and power of ten are exact doubles (Clinger, 1990).
    private static bool TryShort(ReadOnlySpan<byte> text, out long digits, out int decimals)
    {
        (digits, decimals) = (0, 0);
        var start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var i = start;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
        {
            digits = (digits * 10) + (text[i] - '0');
        }

        if (i < text.Length && text[i] == '.')
        {
            var point = i++;
            for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
            {
                digits = (digits * 10) + (text[i] - '0');
            }

            decimals = i - point - 1;
        }

        return i == text.Length && i - start - (decimals > 0 ? 1 : 0) is >= 1 and <= 15 && text[^1] != '.';
    }

    /// <summary>True for text that starts like a number written as a number: "007" and "+1" look like names, "nan" like a word.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        var start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        return text.Length > start && (uint)(text[start] - '0') <= 9
            && !(text.Length > start + 1 && text[start] == '0' && (uint)(text[start + 1] - '0') <= 9);
    }

    /// <summary>True for what programs write for a number without end: inf, -inf, Infinity.</summary>
    public static bool IsInfinity(ReadOnlySpan<char> text)
    {
        text = text.Length > 0 && text[0] is '-' or '+' ? text[1..] : text;
        return text.Equals("inf", StringComparison.OrdinalIgnoreCase) || text.Equals("infinity", StringComparison.OrdinalIgnoreCase) || text is "∞";
    }

    /// <summary>False for the text of an integer that its float differs from.</summary>
    /// <param name="text">The number as text.</param>
    /// <param name="value">The number as a float.</param>
    /// <param name="safe">Up to here floats hold all integers.</param>
    public static bool IsExact(ReadOnlySpan<byte> text, double value, long safe = 1L << 53) =>
        Math.Abs(value) < safe
        || (Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? (Int128)value == whole : text.ContainsAny((byte)'.', (byte)'e', (byte)'E'));
}

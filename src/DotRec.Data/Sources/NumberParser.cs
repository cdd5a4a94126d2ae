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
        var negative = text.Length > 0 && text[0] == '-';
        var (digits, decimals, i) = (0L, 0, negative ? 1 : 0);
        var start = i;
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

        var digitCount = i - start - (decimals > 0 ? 1 : 0);
        if (i == text.Length && digitCount is >= 1 and <= 15 && text[^1] != '.')
        {
            var quotient = digits / PowersOfTen[decimals];
            if ((BitConverter.DoubleToUInt64Bits(quotient) & 0x1FFFFFFF) != 0x10000000)
            {
                value = (float)(negative ? -quotient : quotient);
                return true;
            }
        }

        return float.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value)
            && (!float.IsInfinity(value) || !text.ContainsAnyInRange((byte)'0', (byte)'9'));
    }

    /// <summary>True for text that starts like a number written as a number: "007" and "+1" look like names, "nan" like a word.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text)
    {
        var start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        return text.Length > start && (uint)(text[start] - '0') <= 9
            && !(text.Length > start + 1 && text[start] == '0' && (uint)(text[start + 1] - '0') <= 9);
    }

    /// <summary>False for the text of an integer that its float differs from.</summary>
    public static bool IsExact(ReadOnlySpan<byte> text, float value) =>
        MathF.Abs(value) < 1 << 24
        || (TryInt64(text, out var whole) ? (Int128)value == whole : text.ContainsAny((byte)'.', (byte)'e', (byte)'E'));
}

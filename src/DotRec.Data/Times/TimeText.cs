using System.Globalization;

namespace DotRec.Data;

/// <summary>
/// One time as text: 2024-01-05T10:20:30.123Z and what is like it, 5.1.2024 10:20, 1/5/2024 1:02 PM, 05-Jan-2024, RFC 1123. Without a zone it is UTC.
/// </summary>
internal ref struct TimeText
{
    private const int NanosecondDigits = 9;
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private readonly ReadOnlySpan<char> _text;
    private int _next;

    private TimeText(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The first and the second number of a date that does not begin with its year; 0 where order is no question.</summary>
    public int First { get; private set; }

    /// <inheritdoc cref="First"/>
    public int Second { get; private set; }

    /// <summary>What stands between day, month and year.</summary>
    public char Separator { get; private set; }

    /// <summary>Reads a time; false when the text is none, or no date of the calendar.</summary>
    /// <param name="text">The text.</param>
    /// <param name="order">Which comes first where that is a question.</param>
    /// <param name="moment">The time.</param>
    /// <param name="read">What was found, to tell the order by.</param>
    public static bool TryParse(ReadOnlySpan<char> text, DateOrder order, out Moment moment, out TimeText read)
    {
        read = new TimeText(text.Trim());
        moment = default;
        if (!read.TryDate(order, out var year, out var month, out var day) || !read.TryTime(out var seconds, out var nanoseconds))
        {
            return read.First == 0 && TryInvariant(read._text, out moment);
        }

        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var days = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Days;
        moment = new Moment((days * 86400L) + seconds, nanoseconds);
        return true;
    }

    // Weekday names and other forms that .NET knows; only with a month's name in them, for .NET takes 1/5/2024 for January.
    private static bool TryInvariant(ReadOnlySpan<char> text, out Moment moment)
    {
        moment = default;
        if (!HasMonth(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var time))
        {
            return false;
        }

        var seconds = time.ToUnixTimeSeconds();
        moment = new Moment(seconds, (int)((time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(seconds).UtcTicks) * 100));
        return true;
    }

    private static bool HasMonth(ReadOnlySpan<char> text)
    {
        foreach (var month in Months)
        {
            if (text.Contains(month, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryDate(DateOrder order, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 0, 0);
        if (!TryNumber(out var first, out var firstDigits) || _next == _text.Length || _text[_next] is not ('-' or '/' or '.') || firstDigits is not (1 or 2 or 4))
        {
            return false;
        }

        Separator = _text[_next++];
        if (!TryNumber(out var second, out var secondDigits) || secondDigits > 2 || !Take(Separator) || !TryNumber(out var third, out var thirdDigits))
        {
            return false;
        }

        if (firstDigits == 4)
        {
            (year, month, day) = (first, second, third);
            return thirdDigits <= 2;
        }

        (First, Second) = (first, second);
        year = thirdDigits == 2 ? CultureInfo.InvariantCulture.Calendar.ToFourDigitYear(third) : third;
        (day, month) = order == DateOrder.DayFirst ? (first, second) : (second, first);
        return thirdDigits is 2 or 4;
    }

    // Seconds of the day, less the offset of the zone. A date alone is its midnight.
    private bool TryTime(out long seconds, out int nanoseconds)
    {
        (seconds, nanoseconds) = (0, 0);
        if (_next == _text.Length)
        {
            return true;
        }

        _ = Take(',');
        if (!(Take('T') || Take('t') || Take(' ')))
        {
            return TryZone(ref seconds) && _next == _text.Length;
        }

        SkipSpaces();
        if (!TryNumber(out var hour, out var hourDigits) || hourDigits > 2 || hour > 24)
        {
            return false;
        }

        var (minute, second) = (0, 0);
        if (Take(':'))
        {
            if (!TryNumber(out minute, out var digits) || digits != 2 || minute > 59)
            {
                return false;
            }

            if (Take(':') && (!TryNumber(out second, out digits) || digits != 2 || second > 60))
            {
                return false;
            }

            if ((Take('.') || Take(',')) && !TryFraction(out nanoseconds))
            {
                return false;
            }
        }

        SkipSpaces();
        if (!TryHalf(ref hour) || (hour == 24 && (minute > 0 || second > 0)))
        {
            return false;
        }

        seconds = (hour * 3600L) + (minute * 60) + second;
        SkipSpaces();
        return TryZone(ref seconds) && _next == _text.Length;
    }

    private bool TryHalf(ref int hour)
    {
        var rest = _text[_next..];
        if (rest.Length < 2 || char.ToUpperInvariant(rest[1]) != 'M' || char.ToUpperInvariant(rest[0]) is not ('A' or 'P'))
        {
            return true;
        }

        _next += 2;
        if (hour is < 1 or > 12)
        {
            return false;
        }

        hour = (hour % 12) + (char.ToUpperInvariant(rest[0]) == 'P' ? 12 : 0);
        return true;
    }

    private bool TryZone(ref long seconds)
    {
        var rest = _text[_next..];
        foreach (var utc in (ReadOnlySpan<string>)["UTC", "GMT", "Z"])
        {
            if (rest.StartsWith(utc, StringComparison.OrdinalIgnoreCase))
            {
                _next += utc.Length;
                return true;
            }
        }

        if (rest.IsEmpty || rest[0] is not ('+' or '-'))
        {
            return true;
        }

        _next++;
        if (!TryNumber(out var hours, out var digits) || digits is not (1 or 2 or 4))
        {
            return false;
        }

        var minutes = 0;
        if (digits == 4)
        {
            (hours, minutes) = (hours / 100, hours % 100);
        }
        else if (Take(':') && (!TryNumber(out minutes, out digits) || digits != 2))
        {
            return false;
        }

        var offset = (hours * 3600) + (minutes * 60);
        seconds -= rest[0] == '-' ? -offset : offset;
        return hours <= 18 && minutes < 60;
    }

    private bool TryFraction(out int nanoseconds)
    {
        nanoseconds = 0;
        var digits = 0;
        for (; _next < _text.Length && char.IsAsciiDigit(_text[_next]); _next++, digits++)
        {
            nanoseconds = digits < NanosecondDigits ? (nanoseconds * 10) + (_text[_next] - '0') : nanoseconds;
        }

        for (var missing = digits; missing < NanosecondDigits; missing++)
        {
            nanoseconds *= 10;
        }

        return digits > 0;
    }

    private bool TryNumber(out int number, out int digits)
    {
        (number, digits) = (0, 0);
        for (; _next < _text.Length && digits < 5 && char.IsAsciiDigit(_text[_next]); _next++, digits++)
        {
            number = (number * 10) + (_text[_next] - '0');
        }

        return digits > 0;
    }

    private bool Take(char character)
    {
        if (_next == _text.Length || _text[_next] != character)
        {
            return false;
        }

        _next++;
        return true;
    }

    private void SkipSpaces()
    {
        while (Take(' '))
        {
        }
    }
}

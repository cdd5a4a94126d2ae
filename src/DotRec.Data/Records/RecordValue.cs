using System.Globalization;

namespace DotRec.Data;

/// <summary>
/// How a .NET value becomes a column value, in training and in serving: texts, characters, enums (their names) and <see cref="Guid"/> (36 lower-case
/// characters) are strings; integers and bools (0 or 1) are int64; <see cref="DateOnly"/> is the int64 Unix time of its midnight in UTC;
/// <see cref="DateTime"/>, <see cref="DateTimeOffset"/> (Unix seconds, with fractions), <see cref="TimeSpan"/> and <see cref="TimeOnly"/> (seconds), double
/// and decimal are float64; float and <see cref="Half"/> are float32.
/// </summary>
internal static class RecordValue
{
    /// <summary>The type of the column that holds values of a type; null when no column does. A nullable type is looked at as the type below it.</summary>
    public static ColumnType? TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => ColumnType.String,
        TypeCode.String or TypeCode.Char => ColumnType.String,
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.UInt64 => ColumnType.Int64,
        TypeCode.Boolean => ColumnType.Int64,
        TypeCode.Single => ColumnType.Float32,
        TypeCode.Double or TypeCode.Decimal or TypeCode.DateTime => ColumnType.Float64,
        _ when type == typeof(Guid) => ColumnType.String,
        _ when type == typeof(DateOnly) => ColumnType.Int64,
        _ when type == typeof(Half) => ColumnType.Float32,
        _ when type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(TimeOnly) => ColumnType.Float64,
        _ => null,
    };

    /// <summary>The value as one of a column of strings, int64, float32 or float64; false when it is no such value. Numbers widen, and narrow where they stay equal.</summary>
    /// <exception cref="InvalidValueException">An unsigned integer or a decimal is too large.</exception>
    public static bool TryConvert<T>(object value, out T converted)
        where T : notnull
    {
        switch (value)
        {
            case T exact:
                converted = exact;
                return true;
            case long or int or short or sbyte or byte or ushort or uint:
                return TryNumber(Convert.ToInt64(value, CultureInfo.InvariantCulture), out converted);
            case ulong large:
                return TryNumber(Signed(large), out converted);
            case bool flag:
                return TryNumber(flag ? 1L : 0, out converted);
            case float or double or Half:
                return TryNumber(value is Half half ? (double)half : Convert.ToDouble(value, CultureInfo.InvariantCulture), out converted);
            case decimal number:
                return typeof(T) == typeof(long) && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
                    ? TryNumber((long)number, out converted)
                    : TryNumber((double)number, out converted);
            case DateTime time:
                return TryTime(UnixSeconds(time), out converted);
            case DateTimeOffset time:
                return TryTime(UnixSeconds(time), out converted);
            case DateOnly date:
                return TryNumber(UnixSeconds(date), out converted);
            case TimeSpan duration:
                return TryNumber(duration.TotalSeconds, out converted);
            case TimeOnly time:
                return TryNumber(time.ToTimeSpan().TotalSeconds, out converted);
            case Enum or char or Guid:
                return TryText(value is Guid id ? Text(id) : value.ToString()!, out converted);
            default:
                converted = default!;
                return false;
        }
    }

    /// <summary>Seconds since 1970; a time of unspecified kind counts as UTC.</summary>
    public static double UnixSeconds(DateTime time) => UnixSeconds(
        new DateTimeOffset(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc)));

    /// <summary>Seconds since 1970, exact to a quarter of a microsecond.</summary>
    public static double UnixSeconds(DateTimeOffset time) => (double)(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    /// <summary>Seconds from 1970 to the midnight, in UTC, with which the day begins.</summary>
    public static long UnixSeconds(DateOnly date) => ((long)date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400;

    public static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    public static long Signed(ulong value) => value <= long.MaxValue ? (long)value : throw new InvalidValueException(
        $"{value} is greater than any 64-bit signed integer. Give such ids as text.");

    private static bool TryTime<T>(double seconds, out T converted) => TryNumber(typeof(T) == typeof(long) ? Math.Floor(seconds) : seconds, out converted);

    private static bool TryNumber<T>(long number, out T converted)
    {
        if (typeof(T) == typeof(long))
        {
            converted = (T)(object)number;
            return true;
        }

        return TryNumber((double)number, out converted);
    }

    private static bool TryNumber<T>(double number, out T converted)
    {
        if (typeof(T) == typeof(double))
        {
            converted = (T)(object)number;
        }
        else if (typeof(T) == typeof(float))
        {
            converted = (T)(object)(float)number;
        }
        else if (typeof(T) == typeof(long) && Math.Abs(number) < 1L << 62 && (long)number == number)
        {
            converted = (T)(object)(long)number;
        }
        else
        {
            converted = default!;
            return false;
        }

        return true;
    }

    private static bool TryText<T>(string text, out T converted)
    {
        converted = typeof(T) == typeof(string) ? (T)(object)text : default!;
        return typeof(T) == typeof(string);
    }
}

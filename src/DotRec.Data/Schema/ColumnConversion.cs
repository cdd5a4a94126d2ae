using System.Globalization;
using System.Text;

namespace DotRec.Data;

/// <summary>Brings the values of a column to another type; see <see cref="Column.ConvertTo"/>.</summary>
internal static class ColumnConversion
{
    private const NumberStyles PlainNumber = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // 2^63, the first number above all 64-bit integers; its negative is the least of them.
    private const double Int64End = 9223372036854775808.0;

    // The longest shortest text of a double has 24 characters.
    private const int LongestNumber = 32;

    private delegate bool Converter<in TFrom, TTo>(TFrom value, out TTo converted);

    /// <exception cref="ArgumentException">A value does not fit the type.</exception>
    public static Column Convert(Column column, ColumnType type) =>
        TryConvert(column, type, out var misfit) ?? throw Misfit(column, misfit, type);

    /// <summary>Null where a value does not fit the type.</summary>
    /// <param name="column">The values.</param>
    /// <param name="type">Another type than the column's.</param>
    /// <param name="misfit">Position of the first value that does not fit.</param>
    public static Column? TryConvert(Column column, ColumnType type, out int misfit) => (column, type) switch
    {
        (Column<string> texts, ColumnType.Int64) => Map<string, long>(texts, TryInteger, out misfit),
        (Column<string> texts, ColumnType.Float32) => Map<string, float>(texts, TrySingle, out misfit),
        (Column<string> texts, ColumnType.Float64) => Map<string, double>(texts, TryDouble, out misfit),
        (Column<long> integers, ColumnType.String) => Map(integers, (long value, out string text) => Done(value.ToString(CultureInfo.InvariantCulture), out text), out misfit),
        (Column<long> integers, ColumnType.Float32) => Map(integers, (long value, out float number) => Done(value, out number), out misfit),
        (Column<long> integers, ColumnType.Float64) => Map(integers, (long value, out double number) => Done(value, out number), out misfit),
        (Column<float> numbers, ColumnType.String) => Map(numbers, (float value, out string text) => Done(Text(value), out text), out misfit),
        (Column<float> numbers, ColumnType.Int64) => Map(numbers, (float value, out long integer) => TryInteger(value, out integer), out misfit),
        (Column<float> numbers, ColumnType.Float64) => Map(numbers, (float value, out double number) => Done(Widened(value), out number), out misfit),
        (Column<double> numbers, ColumnType.String) => Map(numbers, (double value, out string text) => Done(Text(value), out text), out misfit),
        (Column<double> numbers, ColumnType.Int64) => Map<double, long>(numbers, TryInteger, out misfit),
        (Column<double> numbers, ColumnType.Float32) => Map<double, float>(numbers, TryNarrow, out misfit),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"Expected one of {string.Join(", ", Enum.GetNames<ColumnType>())}."),
    };

    /// <summary>The double with the shortest decimal text of a float.</summary>
    public static double Widened(float value)
    {
        // Whole numbers below 2^24 are the same in both types, and most numbers are whole.
        if (MathF.Abs(value) < 1 << 24 && value == MathF.Truncate(value))
        {
            return value;
        }

        Span<byte> text = stackalloc byte[LongestNumber];
        return float.IsFinite(value) && value.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture)
            ? double.Parse(text[..length], PlainNumber, CultureInfo.InvariantCulture)
            : value;
    }

    /// <summary>True for a number that a 64-bit integer can be.</summary>
    public static bool TryInteger(double value, out long integer)
    {
        var fits = value is >= -Int64End and < Int64End && value == Math.Truncate(value);
        integer = fits ? (long)value : 0;
        return fits;
    }

    private static bool Done<T>(T value, out T converted)
    {
        converted = value;
        return true;
    }

    private static string Text(double value) => double.IsNaN(value) ? ""
        : TryInteger(value, out var integer) ? integer.ToString(CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);

    private static string Text(float value) => float.IsNaN(value) ? ""
        : TryInteger(value, out var integer) ? integer.ToString(CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);

    private static bool TryNarrow(double value, out float number)
    {
        number = (float)value;
        return !float.IsInfinity(number) || double.IsInfinity(value);
    }

    private static bool TryInteger(string text, out long integer) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)
        && integer.ToString(CultureInfo.InvariantCulture) == text;

    private static bool TrySingle(string text, out float number)
    {
        number = float.NaN;
        return text.Length == 0 || NumberParser.TryFloat32(Encoding.UTF8.GetBytes(text), out number);
    }

    private static bool TryDouble(string text, out double number)
    {
        number = double.NaN;
        return text.Length == 0 || NumberParser.TryFloat64(Encoding.UTF8.GetBytes(text), out number);
    }

    private static Column<TTo>? Map<TFrom, TTo>(Column<TFrom> column, Converter<TFrom, TTo> convert, out int misfit)
        where TFrom : notnull
        where TTo : notnull
    {
        var values = column.Values;
        var converted = new TTo[values.Length];
        for (misfit = 0; misfit < converted.Length; misfit++)
        {
            if (!convert(values[misfit], out converted[misfit]))
            {
                return null;
            }
        }

        return column.Schema.IsJagged ? new Column<TTo>(column.Name, converted, column.Offsets.ToArray()) : new Column<TTo>(column.Name, converted);
    }

    private static ArgumentException Misfit(Column column, int position, ColumnType type)
    {
        var value = column switch
        {
            Column<string> texts => texts.Values[position] is { Length: > 0 } text ? $"'{Shortened(text)}'" : "",
            Column<float> numbers => Text(numbers.Values[position]),
            _ => Text(((Column<double>)column).Values[position]),
        };
        var offsets = column switch
        {
            Column<string> texts => texts.Offsets,
            Column<float> numbers => numbers.Offsets,
            _ => ((Column<double>)column).Offsets,
        };
        var row = position;
        if (!offsets.IsEmpty)
        {
            for (row = 0; offsets[row + 1] <= position;)
            {
                row++;
            }
        }

        var expected = type switch
        {
            ColumnType.Int64 => "a whole number of 64 bits",
            ColumnType.Float32 => "a number that 32-bit floats reach",
            _ => "a number",
        };
        return new ArgumentException($"Column '{column.Schema}' cannot be read as {type}: row {row + 1} has {(value.Length == 0 ? "no value" : value)}, expected {expected}.");
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

using System.Globalization;

namespace DotRec.Data;

/// <summary>Columns of times, however they are written: numbers of any unit, or texts.</summary>
/// <remarks>
/// Numbers are taken as they are: seconds, milliseconds or days, smaller is earlier. Texts are ISO 8601 with or without a zone and with any fraction of a
/// second (2024-01-05 10:20:30.123), dates with day or month first (5.1.2024, 1/5/2024 1:02 PM) and forms with the name of a month; without a zone they are
/// UTC. Whether the day or the month comes first is the same in a whole column: it is what makes all its dates dates, and the day in dates with points.
/// A missing time, an empty text or NaN, is earlier than all others.
/// </remarks>
public static class TimeColumn
{
    /// <summary>True for a column that can hold times: numbers or texts, one a row.</summary>
    public static bool CanHoldTimes(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return !column.Schema.IsJagged;
    }

    /// <summary>The times as numbers: those of a column of numbers as they are, of texts seconds since 1970, int64 if all are whole, else float64.</summary>
    /// <param name="column">The column.</param>
    /// <param name="order">Whether day or month comes first, where it is known; by default it is found out.</param>
    /// <exception cref="ArgumentException">
    /// The column holds lists or a text that is no time, or its dates could be meant in two ways; the message names the row and the text.
    /// </exception>
    public static Column ToNumbers(Column column, DateOrder? order = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column is not Column<string> texts || column.Schema.IsJagged)
        {
            return !column.Schema.IsJagged ? column : throw new ArgumentException(
                $"Column '{column.Schema}' does not hold times: give a column of numbers or texts with one value a row.", nameof(column));
        }

        var moments = Moments(texts, order);
        return Array.TrueForAll(moments, moment => moment is { Nanoseconds: 0 })
            ? new Column<long>(column.Name, Array.ConvertAll(moments, moment => moment!.Value.Seconds))
            : new Column<double>(column.Name, Array.ConvertAll(moments, moment => moment?.ToDouble() ?? double.NaN));
    }

    /// <summary>The rows in the order of their times; rows of one time in the order of the data.</summary>
    /// <inheritdoc cref="ToNumbers"/>
    public static int[] RowsInOrder(Column column, DateOrder? order = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column switch
        {
            { Schema.IsJagged: true } => throw new ArgumentException(
                $"Column '{column.Schema}' does not hold times: give a column of numbers or texts with one value a row.", nameof(column)),
            Column<long> times => Sorted(times.Values.ToArray()),
            Column<float> times => Sorted(times.Values.ToArray()),
            Column<double> times => Sorted(times.Values.ToArray()),
            _ => Sorted(Array.ConvertAll(Moments((Column<string>)column, order), moment => moment is { } time ? (time.Seconds, time.Nanoseconds) : (long.MinValue, 0))),
        };
    }

    /// <summary>The order of day and month in a column of texts; null where no date asks for one.</summary>
    /// <exception cref="ArgumentException">The dates could be meant in two ways, or in none.</exception>
    public static DateOrder? OrderOf(Column<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var (dayRow, monthRow, anyRow, separator) = (-1, -1, -1, '\0');
        for (var row = 0; row < texts.RowCount; row++)
        {
            // The first number above 12 is a day, and so is the second.
            _ = TimeText.TryParse(texts.Values[row], DateOrder.DayFirst, out _, out var read);
            if (read.First > 0)
            {
                (anyRow, separator) = anyRow < 0 ? (row, read.Separator) : (anyRow, separator);
                dayRow = dayRow < 0 && read is { First: > 12, Second: <= 12 } ? row : dayRow;
                monthRow = monthRow < 0 && read is { First: <= 12, Second: > 12 } ? row : monthRow;
            }
        }

        return (dayRow, monthRow) switch
        {
            ( >= 0, >= 0) => throw new ArgumentException(
                $"Column '{texts.Name}' has the day first in row {dayRow + 1} ('{texts.Values[dayRow]}') and the month first in row {monthRow + 1} ('{texts.Values[monthRow]}'); expected one order in a column.",
                nameof(texts)),
            ( >= 0, _) => DateOrder.DayFirst,
            (_, >= 0) => DateOrder.MonthFirst,
            _ when anyRow < 0 => null,

            // Points are written where the day comes first.
            _ when separator == '.' => DateOrder.DayFirst,
            _ => throw new ArgumentException(
                $"The dates in column '{texts.Name}' could have the day or the month first: none of them tells, such as '{texts.Values[anyRow]}' in row {anyRow + 1}. Say which (--date-order day-first or month-first), or write them as 2024-01-31.",
                nameof(texts)),
        };
    }

    private static Moment?[] Moments(Column<string> texts, DateOrder? order)
    {
        var known = order ?? OrderOf(texts) ?? DateOrder.DayFirst;
        var moments = new Moment?[texts.RowCount];
        for (var row = 0; row < moments.Length; row++)
        {
            var text = texts.Values[row];
            moments[row] = row > 0 && ReferenceEquals(text, texts.Values[row - 1]) ? moments[row - 1]
                : TimeText.TryParse(text, known, out var moment, out _) ? moment
                : TryNumber(text, out moment) ? moment
                : IsMissing(text) ? null
                : throw new ArgumentException(
                    $"Column '{texts.Name}' has '{text}' in row {row + 1}, expected a time such as 2024-01-31 17:05:00, or a number in every row.", nameof(texts));
        }

        return moments;
    }

    private static bool IsMissing(string text) => string.IsNullOrWhiteSpace(text) || CsvOptions.DefaultMissingWords.Contains(text, StringComparer.Ordinal);

    // Numbers among texts are seconds.
    private static bool TryNumber(string text, out Moment moment)
    {
        var isNumber = double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < 1e15;
        moment = isNumber ? new Moment((long)Math.Floor(seconds), (int)((seconds - Math.Floor(seconds)) * 1e9)) : default;
        return isNumber;
    }

    // Array.Sort is not stable; the row number as second key makes it so.
    private static int[] Sorted<T>(T[] times)
        where T : IComparable<T>
    {
        var keys = new (T Time, int Row)[times.Length];
        var order = new int[times.Length];
        for (var row = 0; row < keys.Length; row++)
        {
            keys[row] = (times[row], row);
            order[row] = row;
        }

        Array.Sort(keys, order);
        return order;
    }
}

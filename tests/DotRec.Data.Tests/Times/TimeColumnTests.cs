using System.Globalization;
using CsCheck;

namespace DotRec.Data.Tests;

public class TimeColumnTests
{
    private const long Start = 1704451230; // 2024-01-05 10:40:30 UTC

    [Theory]
    [InlineData("2024-01-05 10:40:30")]
    [InlineData("2024-01-05T10:40:30Z")]
    [InlineData("2024-01-05T11:40:30+01:00")]
    [InlineData("2024-01-05 05:40:30 -0500")]
    [InlineData("2024-01-05 10:40:30 UTC")]
    [InlineData("2024/01/05 10:40:30")]
    [InlineData("2024-1-5 10:40:30.000")]
    [InlineData("5.1.2024 10:40:30")]
    [InlineData("05.01.24 10:40:30")]
    [InlineData("Fri, 05 Jan 2024 10:40:30 GMT")]
    [InlineData("5 January 2024 10:40:30")]
    [InlineData("05-Jan-2024 10:40:30")]
    [InlineData(" 2024-01-05 10:40:30 AM ")]
    [InlineData("1704451230")]
    public void Times_are_seconds_since_1970(string text) => Assert.Equal([Start], Seconds(text));

    [Fact]
    public void Fractions_of_seconds_are_kept()
    {
        var column = new Column<string>("t", ["2024-01-05 10:40:30.123456", "2024-01-05 10:40:30.5"]);
        Assert.Equal([Start + 0.123456, Start + 0.5], ((Column<double>)TimeColumn.ToNumbers(column)).Values.ToArray());
        Assert.Equal([1, 0], TimeColumn.RowsInOrder(new Column<string>("t", ["2024-01-05 10:40:30.000000002", "2024-01-05 10:40:30.000000001"])));
    }

    [Theory]
    [InlineData("4.8.2024|14.10.2024", "2024-08-04|2024-10-14")]
    [InlineData("4.8.2024|5.9.2024", "2024-08-04|2024-09-05")]
    [InlineData("8/4/2024|10/14/2024", "2024-08-04|2024-10-14")]
    [InlineData("4/8/2024|14/10/2024", "2024-08-04|2024-10-14")]
    [InlineData("4-8-2024|14-10-2024", "2024-08-04|2024-10-14")]
    [InlineData("8/4/2024 1:02 PM|10/14/2024 12:00 AM", "2024-08-04 13:02|2024-10-14")]
    public void Which_of_day_and_month_comes_first_is_told_by_the_column(string texts, string iso) => Assert.Equal(Seconds(iso.Split('|')), Seconds(texts.Split('|')));

    [Fact]
    public void Dates_that_could_be_meant_in_two_ways_are_refused_unless_the_order_is_said()
    {
        var column = new Column<string>("when", ["1/5/2024", "3/4/2024"]);
        Assert.StartsWith(
            "The dates in column 'when' could have the day or the month first: none of them tells, such as '1/5/2024' in row 1. Say which",
            Assert.Throws<ArgumentException>(() => TimeColumn.ToNumbers(column)).Message);
        Assert.Equal(Seconds("2024-05-01", "2024-04-03"), ((Column<long>)TimeColumn.ToNumbers(column, DateOrder.DayFirst)).Values.ToArray());
        Assert.Equal(Seconds("2024-01-05", "2024-03-04"), ((Column<long>)TimeColumn.ToNumbers(column, DateOrder.MonthFirst)).Values.ToArray());
        Assert.StartsWith(
            "Column 'when' has the day first in row 1 ('14/5/2024') and the month first in row 2 ('3/14/2024')",
            Assert.Throws<ArgumentException>(() => TimeColumn.RowsInOrder(new Column<string>("when", ["14/5/2024", "3/14/2024"]))).Message);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2024-02-30")]
    [InlineData("2024-01-05 25:00")]
    [InlineData("2024-01-05 10:61")]
    [InlineData("2024-01-05 13:00 PM")]
    [InlineData("31.31.2024")]
    public void What_is_no_time_is_told_by_row(string text) => Assert.StartsWith(
        $"Column 'when' has '{text}' in row 2, expected a time such as",
        Assert.Throws<ArgumentException>(() => TimeColumn.ToNumbers(new Column<string>("when", ["2024-01-05", text]))).Message);

    [Fact]
    public void Missing_times_are_the_earliest_and_equal_ones_keep_the_order_of_the_rows()
    {
        Assert.Equal([1, 3, 0, 2], TimeColumn.RowsInOrder(new Column<string>("t", ["2024-01-05", "", "2024-01-05", "NA"])));
        Assert.Equal([1, 0, 2], TimeColumn.RowsInOrder(new Column<double>("t", [5, double.NaN, 5])));
        Assert.Equal([2, 1, 0], TimeColumn.RowsInOrder(new Column<double>("t", [1511602859.502, 1511602859.501, 1511602859.5])));
    }

    [Fact]
    public void Every_time_comes_back_from_its_text() => Gen.Select(
        Gen.DateTime, Gen.OneOf("yyyy-MM-dd HH:mm:ss.fffffff", "yyyy/MM/dd'T'HH:mm:ss.fffffff'Z'", "d.M.yyyy HH:mm:ss.fffffff", "dd-MMM-yyyy HH:mm:ss.fffffff", "R")).Sample((time, format) =>
        {
            time = new DateTime(time.Ticks, DateTimeKind.Utc);
            time = format == "R" ? time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)) : time;
            Assert.True(TimeText.TryParse(time.ToString(format, CultureInfo.InvariantCulture), DateOrder.DayFirst, out var moment, out _));
            var ticks = (time - DateTime.UnixEpoch).Ticks;
            Assert.Equal(ticks, (moment.Seconds * TimeSpan.TicksPerSecond) + (moment.Nanoseconds / 100));
        });

    private static long[] Seconds(params string[] texts) => ((Column<long>)TimeColumn.ToNumbers(new Column<string>("t", texts))).Values.ToArray();
}

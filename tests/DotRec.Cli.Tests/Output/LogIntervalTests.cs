namespace DotRec.Cli.Tests;

public class LogIntervalTests
{
    [Fact]
    public void Lines_come_every_ten_seconds_and_later_less_often()
    {
        var time = new Clock();
        var interval = new LogInterval(time);
        var lines = new List<int>();
        for (var second = 1; second <= 400; second++)
        {
            time.Seconds = second;
            if (interval.IsOver())
            {
                lines.Add(second);
            }
        }

        Assert.Equal([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 112, 125, 139, 155, 173, 193, 215, 239, 266, 296, 329, 366], lines);
    }

    [Fact]
    public void Another_line_begins_an_interval()
    {
        var time = new Clock();
        var interval = new LogInterval(time);
        time.Seconds = 9;
        interval.Restart();
        time.Seconds = 18;
        Assert.False(interval.IsOver());
        time.Seconds = 19;
        Assert.True(interval.IsOver());
        Assert.False(interval.IsOver());
    }

    [Fact]
    public void A_line_says_how_many_of_how_many() => Assert.Equal("answering: 12,500 of 50,000, 25 %", LogInterval.Line("answering", 12_500, 50_000));

    private sealed class Clock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}

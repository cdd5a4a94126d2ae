using CsCheck;

namespace DotRec.Data.Tests;

public class SplitsTests
{
    private static readonly Gen<FeatureBatch> Interactions =
        Gen.Select(Gen.Int[0, 5], Gen.Long[0, 9]).Array[0, 60].Select(rows => FeatureBatch.From(
            rows.Select((row, number) => new { row = number, user_id = $"u{row.Item1}", timestamp = row.Item2 })));

    [Fact]
    public void Every_row_is_in_exactly_one_part_and_keeps_its_order() =>
        Gen.Select(Interactions, Gen.Double[0, 1], Gen.ULong).Sample((data, fraction, seed) =>
        {
            foreach (var split in (DataSplit[])[data.RandomSplit(fraction, seed), data.ByTime(fraction), data.LeaveLastOut()])
            {
                Assert.Equal(Enumerable.Range(0, data.RowCount).Select(row => (long)row), Rows(split.Train).Concat(Rows(split.Test)).Order());
                Assert.Equal(Rows(split.Train).Order(), Rows(split.Train));
                Assert.Equal(Rows(split.Test).Order(), Rows(split.Test));
            }
        });

    [Fact]
    public void A_random_split_has_the_asked_size_and_repeats_from_its_seed() =>
        Gen.Select(Interactions, Gen.Double[0, 1], Gen.ULong).Sample((data, fraction, seed) =>
        {
            var (train, test) = data.RandomSplit(fraction, seed);
            Assert.Equal((int)Math.Round(fraction * data.RowCount, MidpointRounding.AwayFromZero), train.RowCount);
            Assert.Equal(Rows(test), Rows(data.RandomSplit(fraction, seed).Test));
        });

    [Fact]
    public void Random_splits_of_different_seeds_differ()
    {
        var data = FeatureBatch.From(Enumerable.Range(0, 1000).Select(row => new { row }));
        Assert.NotEqual(Rows(data.RandomSplit(0.8, 1).Test), Rows(data.RandomSplit(0.8, 2).Test));
    }

    [Fact]
    public void A_random_split_is_the_one_that_docs_file_formats_computes()
    {
        // The lists are what the Python program of docs/file-formats.md prints.
        var (train, test) = FeatureBatch.From(Enumerable.Range(0, 10).Select(row => new { row })).RandomSplit(0.7, seed: 42);
        Assert.Equal([0, 2, 3, 4, 5, 6, 9], Rows(train));
        Assert.Equal([1, 7, 8], Rows(test));

        // SplitMix64's published first number for the seed 0.
        Assert.Equal(0xE220A8397B1DCDAFUL, Step(0));
        Gen.Select(Gen.Int[0, 300], Gen.Double[0, 1], Gen.ULong).Sample((count, fraction, seed) =>
        {
            var data = FeatureBatch.From(Enumerable.Range(0, count).Select(row => new { row }));
            var order = Enumerable.Range(0, count).OrderBy(row => Step(unchecked(Step(seed) + (ulong)row))).Select(row => (long)row).ToArray();
            Assert.Equal(order.Take((int)Math.Floor((fraction * count) + 0.5)).Order(), Rows(data.RandomSplit(fraction, seed).Train));
        });

        static ulong Step(ulong seed)
        {
            unchecked
            {
                var z = seed + 0x9E3779B97F4A7C15UL;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
                return z ^ (z >> 31);
            }
        }
    }

    [Fact]
    public void No_training_row_is_later_than_a_test_row_when_split_by_time() =>
        Gen.Select(Interactions, Gen.Double[0, 1]).Sample((data, fraction) =>
        {
            var (train, test) = data.ByTime(fraction);
            if (train.RowCount > 0 && test.RowCount > 0)
            {
                Assert.True(Keys(train).Max().CompareTo(Keys(test).Min()) < 0);
            }
        });

    [Fact]
    public void The_last_rows_of_each_query_are_left_out() =>
        Gen.Select(Interactions, Gen.Int[1, 3]).Sample((data, count) =>
        {
            var (train, test) = data.LeaveLastOut(count: count);
            var expected = Enumerable.Range(0, data.RowCount)
                .GroupBy(row => data.Get<string>("user_id").Values[row])
                .Where(rows => rows.Count() > count)
                .SelectMany(rows => rows.OrderBy(row => (data.Get<long>("timestamp").Values[row], row)).TakeLast(count))
                .Order()
                .Select(row => (long)row);
            Assert.Equal(expected, Rows(test));
            Assert.Equal(data.RowCount, train.RowCount + test.RowCount);
        });

    [Fact]
    public void Times_are_compared_exactly_in_whatever_column_they_stand()
    {
        // Closer together than a float32 of today's seconds can tell, the last first.
        Column[] times =
        [
            new Column<double>("timestamp", [1511602859.5, 1511602850.5, 1511602841.5]),
            new Column<long>("timestamp", [1511602859500, 1511602850500, 1511602841500]),
            new Column<string>("timestamp", ["2017-11-25 09:40:59.500", "2017-11-25 09:40:50.5", "2017-11-25 09:40:41.5"]),
            new Column<string>("timestamp", ["25.11.2017 09:41", "25.11.2017 09:40", "25.11.2017 09:39"]),
        ];
        foreach (var column in times)
        {
            var data = new FeatureBatch(new Column<long>("row", [0, 1, 2]), new Column<string>("user_id", ["u", "u", "u"]), column);
            Assert.Equal([0L], Rows(data.LeaveLastOut().Test));
            Assert.Equal([0L], Rows(data.ByTime(0.67).Test));
        }
    }

    [Fact]
    public void Without_times_the_order_of_the_rows_counts()
    {
        var data = FeatureBatch.From([new { row = 0, user_id = 7 }, new { row = 1, user_id = 7 }, new { row = 2, user_id = 8 }]);
        Assert.Equal([1L], Rows(data.LeaveLastOut(time: null).Test));
    }

    [Fact]
    public void Wrong_columns_and_fractions_are_refused()
    {
        var data = FeatureBatch.From([new { user_id = 1.5, timestamp = "now" }]);
        Assert.StartsWith("Column 'timestamp' has 'now' in row 1, expected a time such as", Assert.Throws<ArgumentException>(() => data.ByTime(0.5)).Message);
        Assert.StartsWith("Column 'user_id: Float64' cannot name queries", Assert.Throws<ArgumentException>(() => data.LeaveLastOut(time: null)).Message);
        Assert.StartsWith("There is no column 'when'.", Assert.Throws<ArgumentException>(() => data.ByTime(0.5, "when")).Message);
        Assert.StartsWith("The share of training rows lies in 0 … 1.", Assert.Throws<ArgumentOutOfRangeException>(() => data.RandomSplit(80, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.RandomSplit(double.NaN, 1));
    }

    private static long[] Rows(FeatureBatch data) => data.Get<long>("row").Values.ToArray();

    private static IEnumerable<(long Time, long Row)> Keys(FeatureBatch data) =>
        data.Get<long>("timestamp").Values.ToArray().Zip(data.Get<long>("row").Values.ToArray());
}

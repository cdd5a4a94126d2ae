using CsCheck;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public class ShortlistTests
{
    [Fact]
    public void Selects_what_sorting_by_score_then_position_would_in_any_order_of_arrival()
    {
        Gen.Select(Gen.Int[-40, 40].Array[1, 3000], Gen.Int[1, 300], Gen.ULong).Sample((values, count, seed) =>
        {
            var expected = values.Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Take(count).Select(pair => pair.Index).Order();
            var order = Enumerable.Range(0, values.Length).ToArray();
            Assert.Equal(expected, Select(values, order, count));
            new SeededRandom(seed).Shuffle<int>(order);
            Assert.Equal(expected, Select(values, order, count));
        });
    }

    [Fact]
    public void The_threshold_rejects_nothing_that_is_selected()
    {
        var shortlist = new Shortlist();
        shortlist.Restart(50);
        Assert.Equal(float.NegativeInfinity, shortlist.Threshold);
        Offer(shortlist, Enumerable.Range(0, 500).Select(i => (short)(i * 37 % 500)).ToArray(), 0);

        // 450 … 499 are the 50 best, and for the moment an eighth more may stay.
        Assert.InRange(shortlist.Threshold, 443.001f, 450f);
    }

    [Fact]
    public void A_raised_floor_is_the_threshold_until_a_better_one_is_known()
    {
        var shortlist = new Shortlist();
        shortlist.Restart(100);
        shortlist.Raise(3);
        Assert.Equal(3, shortlist.Threshold);
        shortlist.Raise(2);
        Assert.Equal(3, shortlist.Threshold);
        Offer(shortlist, Enumerable.Range(0, 150).Select(i => (short)(i - 100)).ToArray(), 0);
        Assert.Equal(3, shortlist.Threshold);

        // 250 values, so that the list is cut: its 100 best are 50 … 149, and twelve more may stay for the moment.
        Offer(shortlist, Enumerable.Range(0, 100).Select(i => (short)(i + 50)).ToArray(), 150);
        Assert.InRange(shortlist.Threshold, 37.001f, 50f);
        shortlist.Raise(60);
        Assert.Equal(60, shortlist.Threshold);
        shortlist.Restart(100, 7);
        Assert.Equal((0, 7f), (shortlist.Length, shortlist.Threshold));
        shortlist.Restart(100);
        Assert.Equal(float.NegativeInfinity, shortlist.Threshold);
    }

    [Fact]
    public void From_a_score_on_it_ends_with_those_that_reach_it_and_no_more_than_there_is_room_for()
    {
        Assert.Equal([1, 3, 4], Finish(5, 6));
        Assert.Equal([1, 3], Finish(5, 6.5f));
        Assert.Equal([], Finish(5, 10));

        // 8 and 9, and the first of the sevens.
        Assert.Equal([1, 3, 5], Finish(3, 6, 7));
        Assert.Equal([1, 3], Finish(2, float.NegativeInfinity, 7));
        Assert.Equal([0, 1, 2, 3, 4], Finish(5, float.NegativeInfinity));

        static int[] Finish(int count, float score, params short[] more)
        {
            var shortlist = new Shortlist();
            shortlist.Restart(count);
            Offer(shortlist, [-4, 9, 5, 8, 6, .. more, .. more], 0);
            return [.. shortlist.FinishFrom(score).ToArray().Order()];
        }
    }

    [Fact]
    public unsafe void Scores_by_rank_and_copies_leave_the_list_as_it_is()
    {
        var shortlist = new Shortlist();
        shortlist.Restart(100);
        Offer(shortlist, [-4, 9, 5, 8, 6, 6], 10);
        Assert.Equal(6, shortlist.Length);
        Assert.InRange(shortlist.ScoreOf(1), 8.0001f, 9);
        Assert.InRange(shortlist.ScoreOf(2), 6.0001f, 8);

        // Four reach 6, so none that three do.
        Assert.Equal(6, shortlist.ScoreOf(3));
        Assert.InRange(shortlist.ScoreOf(4), 5.0001f, 6);
        Assert.InRange(shortlist.ScoreOf(6), float.MinValue, -4);
        Assert.Equal(float.NegativeInfinity, shortlist.ScoreOf(7));
        var copy = stackalloc int[6];
        Assert.Equal(4, shortlist.CopyFrom(6, copy));
        Assert.Equal([11, 13, 14, 15], new Span<int>(copy, 4).ToArray());
        Assert.Equal(6, shortlist.CopyFrom(float.NegativeInfinity, copy));
        Assert.Equal([10, 11, 12, 13, 14, 15], shortlist.Finish().ToArray());
    }

    [Fact]
    public unsafe void Picked_entries_have_positions_of_their_own_and_excluded_ones_are_left_out()
    {
        var (shortlist, excluded) = (new Shortlist(), new RowSet());
        shortlist.Restart(10);
        excluded.Replace([7, 900, 3], 1000);
        short[] values = [5, 4, 3, 2];
        ushort[] entries = [0, 2, 3, 5];
        int[] positions = [40, -1, 900, 41, -1, 42];
        fixed (short* value = values)
        fixed (ushort* entry = entries)
        fixed (int* position = positions)
        {
            var found = new PackedLookupQuery { Values = value, Positions = entry, Found = 4 };
            shortlist.AddPicked(&found, 4, null, excluded, 1, 2);
            Assert.Equal([4, 6, 9], shortlist.Finish().ToArray());
            shortlist.AddPicked(&found, 4, position, excluded, 1, 2);
            Assert.Equal([4, 6, 9, 40, 41, 42], shortlist.Finish().ToArray());
            Assert.Equal(0, shortlist.CopyFrom(11.5f, position));
            Assert.Equal(2, shortlist.CopyFrom(11, position));
        }
    }

    private static int[] Select(int[] values, int[] order, int count)
    {
        var shortlist = new Shortlist();
        shortlist.Restart(count);
        for (var first = 0; first < order.Length; first += 97)
        {
            // One position at a time where the order is mixed: a batch has ascending positions.
            foreach (var position in order[first..Math.Min(first + 97, order.Length)])
            {
                Offer(shortlist, [(short)values[position]], position);
            }
        }

        return [.. shortlist.Finish().ToArray().Order()];
    }

    private static unsafe void Offer(Shortlist shortlist, short[] values, int firstPosition)
    {
        var positions = Enumerable.Range(0, values.Length + PackedLookupQuery.Slack).Select(i => (ushort)i).ToArray();
        fixed (short* value = values.Concat(new short[PackedLookupQuery.Slack]).ToArray())
        fixed (ushort* position = positions)
        {
            var found = new PackedLookupQuery { Values = value, Positions = position, Found = values.Length };
            shortlist.Add(&found, firstPosition, 0, 1);
        }
    }
}

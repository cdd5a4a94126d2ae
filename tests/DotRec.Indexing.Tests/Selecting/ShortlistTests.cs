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

        // 450 … 499 are the 50 best.
        Assert.InRange(shortlist.Threshold, 449.001f, 450f);
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

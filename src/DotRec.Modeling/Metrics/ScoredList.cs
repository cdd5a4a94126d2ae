namespace DotRec.Modeling;

/// <summary>
/// The items of one query in the order of their scores, cut into blocks of equal score. Within a block every order is equally likely, and figures are
/// expected values over them.
/// </summary>
internal sealed class ScoredList
{
    // Gains and relevance by rank; the order within a block does not matter below.
    private readonly double[] _gains;
    private readonly bool[] _relevant;
    private readonly List<(int Start, int End)> _blocks = [];

    public ScoredList(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<int> rows, float relevantFrom)
    {
        var (keys, order) = (new float[rows.Length], rows.ToArray());
        _gains = new double[rows.Length];
        _relevant = new bool[rows.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = -scores[rows[i]];
        }

        Array.Sort(keys, order);
        for (var rank = 0; rank < order.Length; rank++)
        {
            _gains[rank] = Math.Pow(2, labels[order[rank]]) - 1;
            _relevant[rank] = labels[order[rank]] >= relevantFrom;
            RelevantCount += _relevant[rank] ? 1 : 0;
            HasGain |= _gains[rank] > 0;
            if (rank == 0 || keys[rank] != keys[rank - 1])
            {
                _blocks.Add((rank, rank + 1));
            }
            else
            {
                _blocks[^1] = (_blocks[^1].Start, rank + 1);
            }
        }
    }

    public bool HasGain { get; }

    public int RelevantCount { get; }

    public double Ndcg(int k)
    {
        double gained = 0;
        foreach (var (start, end) in _blocks)
        {
            var discounts = 0.0;
            for (var rank = start; rank < Math.Min(end, k); rank++)
            {
                discounts += Discount(rank);
            }

            gained += discounts * _gains.AsSpan(start..end).ToArray().Sum() / (end - start);
        }

        var ideal = _gains.ToArray();
        Array.Sort(ideal, (x, y) => y.CompareTo(x));
        var best = 0.0;
        for (var rank = 0; rank < Math.Min(ideal.Length, k); rank++)
        {
            best += ideal[rank] * Discount(rank);
        }

        // Not above 1 by the order of additions.
        return Math.Min(1, gained / best);
    }

    public double Precision(int k) => _blocks.Sum(block =>
        RelevantIn(block) * (double)Math.Max(0, Math.Min(block.End, k) - block.Start) / (block.End - block.Start)) / k;

    public double ReciprocalRank()
    {
        var block = _blocks.Find(block => RelevantIn(block) > 0);
        int items = block.End - block.Start, relevant = RelevantIn(block);

        // The chance that the first of them is at place i of the block, all before it being others.
        double expected = 0, noneYet = 1;
        for (var i = 0; i < items && noneYet > 0; i++)
        {
            var chance = (double)relevant / (items - i);
            expected += noneYet * Math.Min(1, chance) / (block.Start + i + 1);
            noneYet *= Math.Max(0, 1 - chance);
        }

        return expected;
    }

    public double AveragePrecision()
    {
        double sum = 0, before = 0;
        foreach (var block in _blocks)
        {
            int items = block.End - block.Start, relevant = RelevantIn(block);
            for (var i = 0; i < items && relevant > 0; i++)
            {
                // If place i holds a relevant item, the others are spread evenly over the other places.
                var above = items > 1 ? i * (relevant - 1.0) / (items - 1) : 0;
                sum += (double)relevant / items * (before + 1 + above) / (block.Start + i + 1);
            }

            before += relevant;
        }

        return sum / RelevantCount;
    }

    /// <summary>NaN unless there are relevant and other items.</summary>
    public double Auc()
    {
        double won = 0, above = 0;
        foreach (var block in _blocks)
        {
            var relevant = RelevantIn(block);
            var others = block.End - block.Start - relevant;
            won += others * (above + (relevant / 2.0));
            above += relevant;
        }

        return won / ((double)RelevantCount * (_gains.Length - RelevantCount));
    }

    private static double Discount(int rank) => 1 / Math.Log2(rank + 2);

    private int RelevantIn((int Start, int End) block)
    {
        var count = 0;
        for (var rank = block.Start; rank < block.End; rank++)
        {
            count += _relevant[rank] ? 1 : 0;
        }

        return count;
    }
}

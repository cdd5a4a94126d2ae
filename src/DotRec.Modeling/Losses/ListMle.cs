namespace DotRec.Modeling;

/// <summary>
/// Minus the log-likelihood of the order of the labels (Xia et al., 2008): position by position, the item that stands there is drawn by a softmax
/// over it and all items below (Plackett–Luce): Σ wᵢ (ln Σⱼ exp sⱼ − sᵢ), j over i and those below it. Cost: O(L log L).
/// </summary>
/// <remarks>
/// Equal labels have no order. TF-Ranking draws one at random in every step; here a tied item may stand at each of the tied positions, by Efron's
/// rule (1977, for tied event times): at the l-th of m tied positions the m items have (m − l) / m of their weight left. The loss needs no random
/// numbers, does not depend on the order of rows, is at least the mean over all orders of the tied items, equals it at equal scores, and equals ListMLE
/// without ties. Tied items carry the mean of their weights.
/// </remarks>
public sealed class ListMle : ListLoss
{
    /// <inheritdoc/>
    protected internal override double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, Span<double> slopes)
    {
        var keys = labels.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        var normalizers = new double[order.Length];
        var loss = Normalize(scores, weights, keys, order, normalizers);
        Differentiate(scores, weights, keys, order, normalizers, slopes);
        return loss;
    }

    /// <summary>From the worst label up: ln of what the item at each position competes with. Returns the loss.</summary>
    private static double Normalize(ReadOnlySpan<double> scores, ReadOnlySpan<float> weights, float[] keys, int[] order, double[] normalizers)
    {
        double loss = 0;
        var below = new LogSum();
        for (var start = 0; start < order.Length;)
        {
            var end = EndOfTies(keys, start);
            var tied = new LogSum();
            double own = 0;
            foreach (var item in order.AsSpan(start..end))
            {
                tied.Add(scores[item]);
                own += (double)weights[item] * scores[item];
            }

            double sum = 0;
            for (var position = start; position < end; position++)
            {
                normalizers[position] = below.With(tied.Value + Math.Log((end - position) / (double)(end - start)));
                sum += normalizers[position];
            }

            loss += (MeanWeight(weights, order.AsSpan(start..end)) * sum) - own;
            below.Add(tied.Value);
            start = end;
        }

        return loss;
    }

    /// <summary>From the best label down: an item takes part in its own positions and in all better ones.</summary>
    private static void Differentiate(
        ReadOnlySpan<double> scores, ReadOnlySpan<float> weights, float[] keys, int[] order, double[] normalizers, Span<double> slopes)
    {
        var above = new LogSum();
        for (var end = order.Length; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && keys[start - 1] == keys[start])
            {
                start--;
            }

            var weight = Math.Log(MeanWeight(weights, order.AsSpan(start..end)));
            var here = above;
            for (var position = start; position < end; position++)
            {
                here.Add(weight + Math.Log((end - position) / (double)(end - start)) - normalizers[position]);
                above.Add(weight - normalizers[position]);
            }

            foreach (var item in order.AsSpan(start..end))
            {
                slopes[item] = Math.Exp(scores[item] + here.Value) - weights[item];
            }

            end = start;
        }
    }

    private static int EndOfTies(float[] keys, int start)
    {
        var end = start + 1;
        while (end < keys.Length && keys[end] == keys[start])
        {
            end++;
        }

        return end;
    }

    private static double MeanWeight(ReadOnlySpan<float> weights, ReadOnlySpan<int> items)
    {
        double sum = 0;
        foreach (var item in items)
        {
            sum += weights[item];
        }

        return sum / items.Length;
    }
}

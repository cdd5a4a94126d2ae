namespace DotRec.Modeling;

/// <summary>
/// A linear model in closed form over a dense matrix of items by items. Of a catalogue that is larger than <see cref="MaxItems"/>, the most popular items
/// take part, and the others are recommended by their popularity only.
/// </summary>
/// <remarks>4 n² bytes and about 4/3 n³ multiplications and additions for n items that take part: a second at 3,500 items, half a minute at 12,000 on two cores.</remarks>
public abstract class DenseItemModel : ItemToItemModel
{
    /// <summary>The greatest <see cref="MaxItems"/>: one array holds no larger matrix.</summary>
    public const int MostItems = 46_000;

    /// <summary>λ: how strongly weights are held at 0, in choices; above 0. Sparse data want tens, dense ones some hundred.</summary>
    public double Regularization
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Regularization)} is above 0.");
    } = 200;

    /// <summary>How many items take part, the most popular ones. 12,000 by default: 576 MB.</summary>
    public int MaxItems
    {
        get;
        init => field = value is >= 1 and <= MostItems ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxItems)} is 1 to {MostItems}.");
    } = 12_000;

    /// <inheritdoc/>
    private protected sealed override ItemWeights LearnWeights(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var parts = TakingPart(histories);
        var some = parts is null ? histories : histories.Select(parts);
        var count = some.ItemCount;
        var system = Prepare(some);
        var gram = new float[(long)count * count];
        system.FillGram(gram);
        for (var item = 0; item < count; item++)
        {
            gram[((long)item * count) + item] += (float)Regularization;
        }

        var factor = CholeskyFactor.Of(gram, count, progress is null ? null : new Part(progress, 0, 1.0 / 3), cancellationToken);
        var weights = new DenseWeights(histories.ItemCount, Neighbours);
        var columns = new float[count * (long)Math.Min(DenseWeights.Width, count)];
        for (var first = 0; first < count; first += DenseWeights.Width)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var width = Math.Min(DenseWeights.Width, count - first);
            var panel = columns.AsMemory(0, count * width);
            panel.Span.Clear();
            var firstRow = system.FillRightSides(panel.Span, first, width);
            factor.Solve(panel.Span, width, firstRow);
            system.Finish(panel.Span, first, width);
            weights.Offer(panel, width, first, parts);
            progress?.Report((1 + (2.0 * (first + width) / count)) / 3);
        }

        return weights.Build();
    }

    /// <summary>The equations of the items that take part.</summary>
    private protected abstract LinearSystem Prepare(Histories histories);

    // The rows that take part, rising; null for all.
    private int[]? TakingPart(Histories histories)
    {
        if (histories.ItemCount <= MaxItems)
        {
            return null;
        }

        var counts = histories.CountItems();
        var rows = Enumerable.Range(0, counts.Length).OrderByDescending(row => counts[row]).Take(MaxItems).ToArray();
        Array.Sort(rows);
        return rows;
    }

    private sealed class Part(IProgress<double> whole, double from, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (share * value));
    }
}

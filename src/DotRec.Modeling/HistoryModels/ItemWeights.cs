using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>A sparse matrix of weights from item to item, a row for each item that leads to others. Immutable.</summary>
internal sealed class ItemWeights
{
    private ItemWeights(int[] offsets, int[] items, float[] values) => (Offsets, Items, Values) = (offsets, items, values);

    /// <summary>Where each row starts, and the end of the last.</summary>
    public int[] Offsets { get; }

    /// <summary>The items that a row leads to, rising.</summary>
    public int[] Items { get; }

    /// <summary>How strongly.</summary>
    public float[] Values { get; }

    /// <summary>The mean magnitude of a weight; 0 where there is none.</summary>
    public double MeanMagnitude => Values.Length == 0 ? 0 : Values.Sum(value => (double)Math.Abs(value)) / Values.Length;

    /// <summary>Puts rows together.</summary>
    public static ItemWeights Of(IReadOnlyList<(int[] Items, float[] Values)> rows)
    {
        var offsets = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            offsets[row + 1] = checked(offsets[row] + rows[row].Items.Length);
        }

        var (items, values) = (new int[offsets[^1]], new float[offsets[^1]]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Items.CopyTo(items, offsets[row]);
            rows[row].Values.CopyTo(values, offsets[row]);
        }

        return new ItemWeights(offsets, items, values);
    }

    /// <summary>Makes the rows side by side, each by summing up what the item leads to.</summary>
    /// <param name="itemCount">Number of items.</param>
    /// <param name="neighbours">How many weights of a row are kept, those of greatest magnitude.</param>
    /// <param name="sum">Adds up a row; at its end the sums are the weights.</param>
    /// <param name="progress">Hears which part is done.</param>
    /// <param name="cancellationToken">Heard between blocks of rows.</param>
    public static ItemWeights Sum(int itemCount, int neighbours, Action<int, RowSums> sum, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        const int Block = 2048;
        const int Range = 32;
        var rows = new (int[] Items, float[] Values)[itemCount];
        var idle = new System.Collections.Concurrent.ConcurrentBag<RowSums>();
        for (var first = 0; first < itemCount; first += Block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = first;
            Parallelism.ForRanges(Math.Min(Block, itemCount - first), Range, (from, to) =>
            {
                var sums = idle.TryTake(out var free) ? free : new RowSums(itemCount);
                for (var row = start + from; row < start + to; row++)
                {
                    sum(row, sums);
                    rows[row] = sums.Take(neighbours);
                }

                idle.Add(sums);
            });
            progress?.Report((double)Math.Min(itemCount, first + Block) / itemCount);
        }

        return Of(rows);
    }

    /// <summary>Adds a row, weighed, to scores.</summary>
    public void AddRow(int row, float weight, Span<float> scores)
    {
        var (start, end) = (Offsets[row], Offsets[row + 1]);
        var items = Items.AsSpan(start..end);
        var values = Values.AsSpan(start..end);
        for (var i = 0; i < items.Length; i++)
        {
            scores[items[i]] = float.MultiplyAddEstimate(weight, values[i], scores[items[i]]);
        }
    }
}

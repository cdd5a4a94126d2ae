using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The points that 8-bit rows are coded relative to: the mean of each partition or, where a partition falls into tight groups, the means of those.
/// Items that differ by less than 1/127 of their length would otherwise have equal codes.
/// </summary>
/// <param name="values">[B, D]; the first one is zeros, for rows that no mean is nearer to.</param>
/// <param name="ofPosition">[N]: the base of the row at each position.</param>
internal sealed class RowBases(float[] values, int[] ofPosition)
{
    // Bases are float32: with these an eighth is added to the rows at most.
    private const int RowsABase = 32;
    private const int GreatestGroups = 256;

    // Groups are kept where they leave at most so much of the squared differences, a bit of every code.
    private const double GreatestShare = 0.25;
    private const int Rounds = 4;
    private const int RowsPerBlock = 256;

    // Values gathered to learn from; of a larger partition, rows a fixed distance apart.
    private const int GatheredValueLimit = 1 << 22;

    /// <summary>No bases, for rows of other formats.</summary>
    public static RowBases None { get; } = new([], []);

    public float[] Values => values;

    public int[] OfPosition => ofPosition;

    /// <summary>Finds them, in parallel.</summary>
    /// <param name="source">The items.</param>
    /// <param name="members">The rows of each partition, in the order of positions.</param>
    /// <param name="report">Looks whether to go on.</param>
    public static RowBases Find(EmbeddingSource source, PartitionMembers members, BuildReport report)
    {
        var dimension = source.Dimension;
        var (found, ofPosition, starts) = (new float[members.PartitionCount][], new int[source.Count], new int[members.PartitionCount]);
        for (var partition = 1; partition < starts.Length; partition++)
        {
            starts[partition] = starts[partition - 1] + members.Size(partition - 1);
        }

        report.ForParts(found.Length, partition =>
        {
            var rows = members[partition];
            found[partition] = Learn(source, rows, new SeededRandom((ulong)partition));
            Assign(source, rows, found[partition], ofPosition.AsSpan(starts[partition], rows.Length));
        });
        var values = new float[dimension + found.Sum(bases => bases.Length)];
        var first = 1;
        for (var partition = 0; partition < found.Length; partition++)
        {
            found[partition].CopyTo(values, first * dimension);
            foreach (ref var number in ofPosition.AsSpan(starts[partition], members.Size(partition)))
            {
                number += first;
            }

            first += found[partition].Length / dimension;
        }

        var bases = new RowBases(values, ofPosition);
        Parallelism.ForRanges(source.Count, RowsPerBlock, (start, end) => bases.PreferZeros(source, members.Rows, start, end));
        return bases;
    }

    /// <summary>Writes the row at a position less its base.</summary>
    public void Subtract(int position, Span<float> row) =>
        TensorPrimitives.Subtract(row, values.AsSpan(ofPosition[position] * row.Length, row.Length), row);

    private void PreferZeros(EmbeddingSource source, ReadOnlySpan<int> rows, int start, int end)
    {
        var difference = new float[source.Dimension];
        for (var position = start; position < end; position++)
        {
            var row = source.Row(rows[position]);
            row.CopyTo(difference);
            Subtract(position, difference);
            if (Math.Abs(TensorPrimitives.MaxMagnitude(row)) < Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)))
            {
                ofPosition[position] = 0;
            }
        }
    }

    // The mean, or the means of groups, [g, D].
    private static float[] Learn(EmbeddingSource source, ReadOnlySpan<int> rows, SeededRandom random)
    {
        var dimension = source.Dimension;
        var mean = Mean(source, rows);
        var step = ((rows.Length - 1) / Math.Max(1, GatheredValueLimit / dimension)) + 1;
        var count = ((rows.Length - 1) / step) + 1;
        var groups = Math.Min(GreatestGroups, count / RowsABase);
        if (groups < 2)
        {
            return mean;
        }

        var points = ScratchPool.Rent((long)count * dimension);
        for (var i = 0; i < count; i++)
        {
            TensorPrimitives.Subtract(source.Row(rows[i * step]), mean, points.AsSpan(i * dimension, dimension));
        }

        var means = new PointGroups(points.AsMemory(0, count * dimension), dimension).Find(groups, Rounds, random, out var share);
        ScratchPool.Return(points);
        if (!(share <= GreatestShare))
        {
            return mean;
        }

        for (var i = 0; i < means.Length; i += dimension)
        {
            TensorPrimitives.Add<float>(means.AsSpan(i, dimension), mean, means.AsSpan(i, dimension));
        }

        return means;
    }

    private static float[] Mean(EmbeddingSource source, ReadOnlySpan<int> rows)
    {
        var sums = new double[source.Dimension];
        foreach (var row in rows)
        {
            var values = source.Row(row);
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] += values[j];
            }
        }

        var count = rows.Length;
        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }

    private static void Assign(EmbeddingSource source, ReadOnlySpan<int> rows, float[] bases, Span<int> nearest)
    {
        var dimension = source.Dimension;
        if (bases.Length == dimension)
        {
            nearest.Clear();
            return;
        }

        // Relative to one of them: far from the origin, differences of squares would be lost in rounding.
        var origin = bases[..dimension];
        var shifted = new float[bases.Length];
        for (var i = 0; i < bases.Length; i += dimension)
        {
            TensorPrimitives.Subtract<float>(bases.AsSpan(i, dimension), origin, shifted.AsSpan(i, dimension));
        }

        var panels = CentroidPanels.Pack(shifted, dimension);
        var block = ScratchPool.Rent((long)RowsPerBlock * (dimension + 1));
        for (var first = 0; first < rows.Length; first += RowsPerBlock)
        {
            var count = Math.Min(RowsPerBlock, rows.Length - first);
            for (var i = 0; i < count; i++)
            {
                TensorPrimitives.Subtract(source.Row(rows[first + i]), origin, block.AsSpan(i * dimension, dimension));
            }

            NearestCentroid.Find(panels, block.AsSpan(0, count * dimension), nearest.Slice(first, count), block.AsSpan(count * dimension, count));
        }

        ScratchPool.Return(block);
    }
}

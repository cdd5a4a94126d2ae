using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The points that 8-bit rows are coded relative to: the mean of each partition or, where a partition falls into tight groups, the means of those.
/// Items that differ by less than 1/127 of their length would otherwise have equal codes.
/// </summary>
/// <remarks>Cosines code unit-length rows: what only lengths differ in would be differences otherwise.</remarks>
internal sealed class RowBases
{
    // Bases are float32: with these a quarter is added to the rows at most, and only where they tell items apart.
    private const int RowsABase = 16;
    private const int MaxGroups = 256;

    // Groups are kept where they leave at most so much of the squared differences, a bit of every code.
    private const double MaxShare = 0.25;
    private const int Rounds = 4;
    private const int RowsPerBlock = 256;

    // Values gathered to learn from; of a larger partition, rows a fixed distance apart.
    private const int GatheredValueLimit = 1 << 22;

    private readonly EmbeddingSource _source;
    private readonly bool _unitLength;

    private RowBases(EmbeddingSource source, bool unitLength, float[] values, int[] ofPosition)
    {
        _source = source;
        _unitLength = unitLength;
        Values = values;
        OfPosition = ofPosition;
    }

    /// <summary>No bases, for rows of other formats.</summary>
    public static RowBases None { get; } = new(null!, false, [], []);

    /// <summary>[B, D]; the first one is zeros, for rows that are nearer to none.</summary>
    public float[] Values { get; private set; }

    /// <summary>[N]: the base of the row at each position.</summary>
    public int[] OfPosition { get; }

    /// <summary>Finds them, in parallel.</summary>
    /// <param name="source">The items.</param>
    /// <param name="unitLength">Whether rows are brought to unit length.</param>
    /// <param name="members">The rows of each partition, in the order of positions.</param>
    /// <param name="report">Looks whether to go on.</param>
    public static RowBases Find(EmbeddingSource source, bool unitLength, PartitionMembers members, BuildReport report)
    {
        var bases = new RowBases(source, unitLength, [], new int[source.Count]);
        bases.Find(members, report);
        return bases;
    }

    private void Find(PartitionMembers members, BuildReport report)
    {
        var dimension = _source.Dimension;
        var (found, ofPosition, starts) = (new float[members.PartitionCount][], OfPosition, new int[members.PartitionCount]);
        for (var partition = 1; partition < starts.Length; partition++)
        {
            starts[partition] = starts[partition - 1] + members.Size(partition - 1);
        }

        report.ForParts(found.Length, partition =>
        {
            var rows = members[partition];
            found[partition] = Learn(rows, new SeededRandom((ulong)partition));
            Assign(rows, found[partition], ofPosition.AsSpan(starts[partition], rows.Length));
        });
        Values = new float[dimension + found.Sum(bases => bases.Length)];
        var first = 1;
        for (var partition = 0; partition < found.Length; partition++)
        {
            found[partition].CopyTo(Values, first * dimension);
            foreach (ref var number in ofPosition.AsSpan(starts[partition], members.Size(partition)))
            {
                number += first;
            }

            first += found[partition].Length / dimension;
        }

        Parallelism.ForRanges(_source.Count, RowsPerBlock, (start, end) => PreferZeros(members.Rows, start, end));
    }

    /// <summary>Writes a row less the base of its position.</summary>
    public void CopyDifference(int row, int position, Span<float> difference)
    {
        Copy(row, difference);
        TensorPrimitives.Subtract(difference, Values.AsSpan(OfPosition[position] * difference.Length, difference.Length), difference);
    }

    private void Copy(int row, Span<float> values)
    {
        _source.Row(row).CopyTo(values);
        if (_unitLength)
        {
            Residuals.ToUnitLength(values);
        }
    }

    private void PreferZeros(ReadOnlySpan<int> rows, int start, int end)
    {
        var (row, difference) = (new float[_source.Dimension], new float[_source.Dimension]);
        for (var position = start; position < end; position++)
        {
            Copy(rows[position], row);
            CopyDifference(rows[position], position, difference);
            if (Math.Abs(TensorPrimitives.MaxMagnitude<float>(row)) < Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference)))
            {
                OfPosition[position] = 0;
            }
        }
    }

    // The mean, or the means of groups, [g, D].
    private float[] Learn(ReadOnlySpan<int> rows, SeededRandom random)
    {
        var dimension = _source.Dimension;
        var mean = Mean(rows);
        var step = ((rows.Length - 1) / Math.Max(1, GatheredValueLimit / dimension)) + 1;
        var count = ((rows.Length - 1) / step) + 1;
        var groups = Math.Min(MaxGroups, count / RowsABase);
        if (groups < 2)
        {
            return mean;
        }

        var points = ScratchPool.Rent((long)count * dimension);
        for (var i = 0; i < count; i++)
        {
            Copy(rows[i * step], points.AsSpan(i * dimension, dimension));
            TensorPrimitives.Subtract(points.AsSpan(i * dimension, dimension), mean, points.AsSpan(i * dimension, dimension));
        }

        var means = new PointGroups(points.AsMemory(0, count * dimension), dimension).Find(groups, Rounds, random, out var share);
        ScratchPool.Return(points);
        if (!(share <= MaxShare))
        {
            return mean;
        }

        for (var i = 0; i < means.Length; i += dimension)
        {
            TensorPrimitives.Add<float>(means.AsSpan(i, dimension), mean, means.AsSpan(i, dimension));
        }

        return means;
    }

    private float[] Mean(ReadOnlySpan<int> rows)
    {
        var (values, sums) = (new float[_source.Dimension], new double[_source.Dimension]);
        foreach (var row in rows)
        {
            Copy(row, values);
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] += values[j];
            }
        }

        var count = rows.Length;
        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }

    private void Assign(ReadOnlySpan<int> rows, float[] bases, Span<int> nearest)
    {
        var dimension = _source.Dimension;
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
                Copy(rows[first + i], block.AsSpan(i * dimension, dimension));
                TensorPrimitives.Subtract(block.AsSpan(i * dimension, dimension), origin, block.AsSpan(i * dimension, dimension));
            }

            NearestCentroid.Find(panels, block.AsSpan(0, count * dimension), nearest.Slice(first, count), block.AsSpan(count * dimension, count));
        }

        ScratchPool.Return(block);
    }
}

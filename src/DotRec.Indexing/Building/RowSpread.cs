using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Where most rows lie, and how far from there: learned from a sample, and such that few rows, however long, change nothing. A mean would be
/// theirs alone.
/// </summary>
/// <param name="Center">[D]: the mean of the rows that are not far from the median of every component.</param>
/// <param name="Radius">Distance from the center that nine of ten rows keep, or where they are equal, nine of ten others; 0 where all are equal.</param>
/// <param name="Middle">Distance from the center that half of the rows keep, but at least a twentieth of what 99 of 100 keep.</param>
/// <param name="MeanSquare">Mean squared distance from the center of the rows that are not far from it.</param>
internal sealed record RowSpread(float[] Center, double Radius, double Middle, double MeanSquare)
{
    private const int SampleLimit = 4096;
    private const int MedianLimit = 511;
    private const int ValueLimit = 1 << 22;
    private const double Quantile = 0.9;

    // Where most rows are nearly equal, the others count.
    private const double MinMiddle = 0.05;

    /// <summary>Rows beyond so many radii are far: hardly any of a Gaussian in one dimension, none in many.</summary>
    private const double FarRadii = 8;

    /// <summary>The distance from the center beyond which a row is far from the others.</summary>
    public double FarDistance => FarRadii * Radius;

    /// <summary>Learns it from rows.</summary>
    /// <param name="count">N, at least 1.</param>
    /// <param name="dimension">D.</param>
    /// <param name="copyRow">Writes a row.</param>
    /// <param name="random">Chooses the sample.</param>
    public static RowSpread Of(int count, int dimension, CopyRow copyRow, SeededRandom random)
    {
        var numbers = TrainingSample.Rows(count, Math.Clamp(ValueLimit / dimension, 64, SampleLimit), random);
        var sample = AllocatedMemory.New<float>((long)numbers.Length * dimension);
        using var memory = sample.Memory;
        for (var i = 0; i < numbers.Length; i++)
        {
            copyRow(numbers[i], sample.Span((long)i * dimension, dimension));
        }

        var center = Median(sample, numbers.Length, dimension);
        var distances = Distances(sample, numbers.Length, center);
        var radius = QuantileOf(distances, Quantile);
        var (sums, near) = (new double[dimension], 0);
        for (var i = 0; i < distances.Length; i++)
        {
            if (distances[i] <= FarRadii * radius)
            {
                near++;
                TensorPrimitives.Add(sums, Array.ConvertAll(sample.Span((long)i * dimension, dimension).ToArray(), value => (double)value), sums);
            }
        }

        center = Array.ConvertAll(sums, sum => (float)(sum / near));
        distances = Distances(sample, numbers.Length, center);
        radius = QuantileOf(distances, Quantile);
        var middle = Math.Max(QuantileOf(distances, 0.5), MinMiddle * QuantileOf(distances, 0.99));
        return new RowSpread(center, radius, middle, distances.Where(distance => distance <= FarRadii * radius).Average(distance => distance * distance));
    }

    private static float[] Median(Section<float> sample, int count, int dimension)
    {
        var center = new float[dimension];
        var step = ((count - 1) / MedianLimit) + 1;
        Parallelism.ForRanges(dimension, 64, (start, end) =>
        {
            var column = new float[((count - 1) / step) + 1];
            for (var j = start; j < end; j++)
            {
                for (var i = 0; i < column.Length; i++)
                {
                    column[i] = sample[((long)i * step * dimension) + j];
                }

                Array.Sort(column);
                center[j] = column[column.Length / 2];
            }
        });
        return center;
    }

    private static double[] Distances(Section<float> sample, int count, float[] center)
    {
        var distances = new double[count];
        Parallelism.ForRanges(count, 256, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                distances[i] = Distance(sample.Span((long)i * center.Length, center.Length), center);
            }
        });
        return distances;
    }

    /// <summary>|x − center|, in double.</summary>
    public double DistanceOf(ReadOnlySpan<float> row) => Distance(row, Center);

    private static double Distance(ReadOnlySpan<float> row, float[] center)
    {
        var sum = 0.0;
        for (var j = 0; j < center.Length; j++)
        {
            var difference = (double)row[j] - center[j];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private static double QuantileOf(double[] distances, double share)
    {
        var sorted = distances.Order().ToArray();
        var radius = sorted[(int)(share * (sorted.Length - 1))];
        if (radius > 0 || sorted[^1] == 0)
        {
            return radius;
        }

        // So many rows are equal.
        var others = sorted.SkipWhile(distance => distance == 0).ToArray();
        return others[(int)(share * (others.Length - 1))];
    }

    /// <summary>Writes a row, [D].</summary>
    public delegate void CopyRow(int row, Span<float> destination);
}

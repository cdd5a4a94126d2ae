using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Decides whether items are coded in fewer dimensions than they have, and in which: docs/decisions/0017-first-stage-for-high-dimensions.md.
/// </summary>
internal static class ProjectionChoice
{
    /// <summary>Fewest dimensions that are projected: below, a projection costs a query what it saves.</summary>
    public const int MinDimension = 256;

    /// <summary>Components a code when items are projected.</summary>
    public const int BlockWidth = 3;

    // Fewer items hardly tell a subspace of some hundred dimensions.
    private const int MinCount = 2048;

    // Rows that components are learned from: four times the dimensions or this many, within so many values.
    private const int SampleLimit = 8192;
    private const int SampleValueLimit = 1 << 25;

    // Components are tried in steps that are whole blocks of three, up to such a share of the dimensions and this many.
    private const int Step = 24;
    private const int MinSteps = 2;
    private const double MaxShare = 0.75;
    private const int MaxCount = 336;

    // Share of the neighbours that shall be among the candidates by components alone (codes lose some more), and the partitions that a search goes to.
    private const double Recall = 0.99;
    private const int SearchedPartitions = 20;

    // What reading a byte costs, in units of a byte of the projection or of centroids: measured in docs/decisions/0017-first-stage-for-high-dimensions.md.
    private const double CodeCost = 2;
    private const double RowCost = 6;

    // A projection that keeps this much less than the best one of its size is out of date.
    private const double MaxLoss = 0.01;

    /// <summary>The projection for some rows, or null where all dimensions are coded.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="form">Their form without a projection.</param>
    /// <param name="options">The number of partitions, and the seed.</param>
    /// <param name="sample">Neighbours among the rows, or null where nothing is to be chosen.</param>
    /// <param name="earlier">The projection of an earlier index, which is kept while it fits.</param>
    public static Projection? Choose(EmbeddingSource source, CodedForm form, ScannOptions options, NeighbourSample? sample, Projection? earlier)
    {
        var dimension = source.Dimension;
        if (options.CodedDimension == 0 || (options.CodedDimension is null && sample is null))
        {
            return null;
        }

        var random = new SeededRandom(options.Seed).Stream(5);
        var points = Sample(source, form, random.Stream(0));
        var most = options.CodedDimension ?? Math.Min((int)(MaxShare * dimension), MaxCount) / Step * Step;
        var (components, energies) = PrincipalComponents.Find(points, dimension, most, random.Stream(1));
        if (earlier is not null && options.CodedDimension is null && Kept(earlier, points) >= energies.Take(earlier.Dimension).Sum() - MaxLoss)
        {
            return earlier;
        }

        var count = options.CodedDimension ?? (energies.Sum() > 0 ? Cheapest(sample!, components, source, options) : 0);
        return count == 0 ? null : Arrange(components, energies.AsSpan(0, count), dimension);
    }

    /// <summary>Whether a build looks at neighbours to choose its form.</summary>
    public static bool IsMade(EmbeddingSource source, ScannOptions options) =>
        source.Dimension is >= MinDimension and <= Projection.MaxSourceDimension && source.Count >= MinCount && options.Tier != ScannTier.FlatPq;

    // The number of components for which a search reads least; 0 where it reads no less than in all dimensions.
    private static int Cheapest(NeighbourSample sample, float[] components, EmbeddingSource source, ScannOptions options)
    {
        var ranks = sample.Ranks(components, Step);
        double partitions = options.PartitionCount ?? ScannOptions.SuggestedPartitionCount(source.Count);
        var scanned = Math.Min(1, SearchedPartitions / partitions) * source.Count;
        double whole = source.Dimension * sizeof(float);
        var (best, min) = (0, (partitions * whole) + (scanned * CodeCost * source.Dimension / 4) + (3 * NeighbourSample.Neighbours * RowCost * whole));
        for (var number = MinSteps - 1; number < ranks.Length / sample.Rows.Length; number++)
        {
            var count = (number + 1) * Step;
            var own = ranks.AsSpan(number * sample.Rows.Length, sample.Rows.Length).ToArray();
            Array.Sort(own);
            double rows = Math.Max(NeighbourSample.Neighbours, own[(int)(Recall * (own.Length - 1))] + 1);
            var cost = (count * (source.Dimension + partitions)) + (scanned * CodeCost * count / (2 * BlockWidth))
                + (rows * RowCost * (whole + (RefiningQuery.CandidatesARow * RefiningRows.RowBytes(count))));
            if (cost < min)
            {
                (best, min) = (count, cost);
            }
        }

        return best;
    }

    private static float[] Sample(EmbeddingSource source, CodedForm form, SeededRandom random)
    {
        var rows = TrainingSample.Rows(source.Count, Math.Min(Math.Max(SampleLimit, 4 * source.Dimension), SampleValueLimit / source.Dimension), random);
        var points = new float[rows.Length * source.Dimension];
        Parallelism.For(rows.Length, i => form.Move(source.Row(rows[i]), points.AsSpan(i * source.Dimension, source.Dimension)));
        return points;
    }

    // The share of the squared lengths of points that a projection keeps.
    private static double Kept(Projection projection, float[] points)
    {
        var (dimension, count) = (projection.SourceDimension, projection.Dimension);
        var (all, kept) = (0.0, 0.0);
        var projected = new float[count];
        for (var i = 0; i < points.Length; i += dimension)
        {
            var point = points.AsSpan(i, dimension);
            var square = EmbeddingLength.Squared(point);
            projection.Apply(point, square, 1, projected);
            all += square;
            kept += EmbeddingLength.Squared(projected);
        }

        return all > 0 ? kept / all : 0;
    }

    private static Projection Arrange(float[] components, ReadOnlySpan<double> energies, int dimension)
    {
        var order = BlockAllocation.Order(energies, BlockWidth);
        var rows = new float[order.Length * dimension];
        for (var i = 0; i < order.Length; i++)
        {
            components.AsSpan(order[i] * dimension, dimension).CopyTo(rows.AsSpan(i * dimension));
        }

        return Projection.Pack(rows, dimension);
    }
}

using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Builds the partitions and codewords of an approximate index.</summary>
/// <remarks>
/// Besides the source and the result, memory holds eight bytes an item, and until codewords are known one sample of the rows, which is given
/// back at once: docs/decisions/0013-building-again-and-in-little-memory.md. Everything runs in parallel over parts cut by the problem's shape,
/// so the result has the same bytes at any thread count.
/// </remarks>
internal sealed class ScannBuilder
{
    private const int RowsPerPart = 256;
    private const int CodebookSampleLimit = 1 << 15;

    // One partition of so many may go to a row that is far from all others.
    private const int FarPartitionShare = 8;

    // Where all items are scanned, so many more partitions are all scanned too.
    private const int FlatFarLimit = 7;

    private readonly CodedRows _rows;
    private readonly NeighbourSample? _sample;
    private readonly ScannOptions _options;
    private readonly int _partitionCount;
    private readonly WarmStart? _warmStart;
    private readonly SeededRandom _random;
    private readonly BuildReport _report;

    private ScannBuilder(CodedRows rows, ScannOptions options, NeighbourSample? sample, WarmStart? warmStart, BuildReport report)
    {
        _rows = rows;
        _sample = sample;
        _options = options;
        var wanted = options.Tier == ScannTier.FlatPq ? 1 : options.PartitionCount ?? ScannOptions.SuggestedPartitionCount(rows.Count);
        _partitionCount = Math.Min(wanted, rows.Count);
        _warmStart = warmStart?.Fits(_partitionCount) == true ? warmStart : null;
        _random = new SeededRandom(options.Seed);
        _report = report;
    }

    /// <summary>Partitions every row of a source, and learns how to code it.</summary>
    /// <param name="source">The items' embeddings, [N, D]; the caller holds it as long as codes are asked of the result.</param>
    /// <param name="scoreFunction">What the index will rank by: cosines code unit-length rows, distances lifted ones (<see cref="L2Lift"/>).</param>
    /// <param name="options">
    /// Validated here. <see cref="ScannTier.FlatPq"/> makes one partition, and one for each of the few rows that are far from all others.
    /// </param>
    /// <param name="warmStart">An earlier build to begin from, where it fits, or null.</param>
    /// <param name="report">Told at each stage; looks between blocks of rows and rounds whether to go on.</param>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static QuantizedItems Build(
        EmbeddingSource source,
        ScoreFunction scoreFunction,
        ScannOptions options,
        WarmStart? warmStart,
        BuildReport report)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        EmbeddingPanels.Check(source.Dimension, scoreFunction);
        options.Validate();
        using var hold = source.Hold();
        var rows = CodedRows.Check(source, scoreFunction, report);
        report.Begin(ScannStage.Partitioning);
        var sample = ProjectionChoice.IsMade(source, options) ? NeighbourSample.Of(source, rows.Form, new SeededRandom(options.Seed).Stream(6)) : null;
        var projection = ProjectionChoice.Choose(source, rows.Form, options, sample, warmStart?.Projection);
        rows = projection is null ? rows : rows.Project(projection, report);
        return new ScannBuilder(rows, options, sample, warmStart, report).Run();
    }

    private QuantizedItems Run()
    {
        var (origin, centroids) = FindPartitions();
        _report.Begin(ScannStage.Assigning);
        var partition = Assign(origin, centroids);
        var members = new PartitionMembers(partition, DropEmpty(partition, centroids.Length / _rows.PlainDimension));
        var eta = _options.PartitionEta ?? (_rows.Lift is null ? ScannOptions.PlainPartitionEta : 1);
        centroids = _rows.Lift is null || eta > 1
            ? CentroidPlacement.Place(_rows, members, eta, _report)
            : DistanceCentroids.Place(_rows, members, _report);
        var second = members.PartitionCount > 1 && SpillPays(centroids, partition)
            ? SpillAssignment.Assign(_rows, centroids, partition, _options.SoarLambda, _report)
            : null;

        _report.Begin(ScannStage.TrainingCodebook);
        var residuals = new Residuals(_rows, centroids);
        var sample = TrainingSample.Rows(_rows.Count, CodebookSampleLimit, _random.Stream(2));
        var directions = residuals.Directions(sample, partition);
        using var memory = directions.Memory;
        var width = _rows.Form.Projection is null ? QuantizedItems.MinBlockWidth : ProjectionChoice.BlockWidth;
        var codebook = CodebookTrainer.Fit(directions, _rows.Dimension, _warmStart?.Codebook(_rows.Form), _random.Stream(3), _report, width);
        var spilled = second is null ? null : new PartitionMembers(second, members.PartitionCount);
        var encoder = new ResidualEncoder(codebook, _rows.Dimension, _options.EncodingEta, _rows.Form.HasNearQueries, width);
        return new QuantizedItems(_rows, centroids, members, spilled, codebook, encoder, width);
    }

    private bool SpillPays(float[] centroids, int[] partition) =>
        _options.Soar ?? (_sample is not null && SpillChoice.Pays(_sample, _rows, centroids, partition, _options.SoarLambda));

    // Centroids are found relative to the middle of the rows: far from the origin, differences of squares would be lost in rounding. Rows far from
    // all others begin with a partition of their own, where their lengths spoil no other row's code.
    private (float[] Origin, float[] Centroids) FindPartitions()
    {
        var dimension = _rows.PlainDimension;
        var origin = new float[dimension];
        var count = _partitionCount;
        if (count == 0)
        {
            return (origin, []);
        }

        var spread = RowSpread.Of(_rows.Count, dimension, _rows.CopyPlain, _random.Stream(4));
        origin = spread.Center;
        var far = FarRows.Find(_rows, spread, _options.Tier == ScannTier.FlatPq ? FlatFarLimit : count / FarPartitionShare);
        if (count == 1)
        {
            return (origin, [.. new float[dimension], .. Relative(far, origin)]);
        }

        var limit = (int)Math.Min(_rows.Count, (long)count * _options.TrainingSampleLimit);
        var sample = TrainingSample.Copy(_rows, [.. far, .. TrainingSample.Rows(_rows.Count, limit, _random.Stream(0))]);
        using var memory = sample.Memory;
        Shift(sample.Span(0, checked((int)sample.Length)), origin);
        var start = _warmStart?.Means(_rows);
        Shift(start, origin);
        start ??= Relative(far, origin);
        return (origin, KMeans.Fit(sample, dimension, count, start, _options.KMeansIterations, _random.Stream(1), _report));
    }

    private float[] Relative(int[] rows, float[] origin)
    {
        var values = new float[rows.Length * origin.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            _rows.CopyPlain(rows[i], values.AsSpan(i * origin.Length, origin.Length));
        }

        Shift(values, origin);
        return values;
    }

    private static void Shift(Span<float> rows, float[] origin)
    {
        for (; !rows.IsEmpty; rows = rows[origin.Length..])
        {
            TensorPrimitives.Subtract(rows[..origin.Length], origin, rows[..origin.Length]);
        }
    }

    private int[] Assign(float[] origin, float[] centroids)
    {
        var dimension = _rows.PlainDimension;
        var partition = new int[_rows.Count];
        if (centroids.Length <= dimension)
        {
            return partition;
        }

        var panels = CentroidPanels.Pack(centroids, dimension);
        _report.ForParts((_rows.Count + RowsPerPart - 1) / RowsPerPart, part =>
        {
            var first = part * RowsPerPart;
            var count = Math.Min(RowsPerPart, _rows.Count - first);
            var block = ScratchPool.Rent((long)count * (dimension + 1));
            var values = block.AsSpan(0, count * dimension);
            _rows.CopyRows(first, origin, values);
            NearestCentroid.Find(panels, values, partition.AsSpan(first, count), block.AsSpan(count * dimension, count));
            ScratchPool.Return(block);
        });
        return partition;
    }

    // Duplicates, and samples that missed a corner, leave partitions without items: they would only cost every query a score.
    private static int DropEmpty(int[] partition, int partitionCount)
    {
        var number = new int[partitionCount];
        foreach (var p in partition)
        {
            number[p] = 1;
        }

        var count = 0;
        for (var p = 0; p < partitionCount; p++)
        {
            number[p] = number[p] == 0 ? -1 : count++;
        }

        foreach (ref var p in partition.AsSpan())
        {
            p = number[p];
        }

        return count;
    }
}

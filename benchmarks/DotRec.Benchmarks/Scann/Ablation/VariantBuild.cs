using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Builds variants of an index from the library's own stages. The partitions of a seed are found once, by the library; what comes after, placing
/// the centroids, spilling, learning codewords and coding, is done again for every variant, so that variants differ in nothing else.
/// </summary>
internal sealed class VariantBuild
{
    private const int RowsPerPart = 256;
    private const int CodebookSampleLimit = 1 << 15;

    private readonly CodedRows _rows;
    private readonly QuantizedItems _built;
    private readonly SeededRandom _random;
    private readonly BuildReport _report = new(null, CancellationToken.None);

    public VariantBuild(EmbeddingSource source, ScoreFunction scoreFunction, ulong seed)
    {
        var options = new ScannOptions { Tier = ScannTier.Tree, Seed = seed };
        _built = ScannBuilder.Build(source, scoreFunction, options);
        _rows = CodedRows.Check(source, scoreFunction, _report);
        _random = new SeededRandom(seed);
        if (Make(new AblationVariant("", "")) is var repeated && !(repeated.Codes.AsSpan().SequenceEqual(_built.Codes) && repeated.Scales.AsSpan().SequenceEqual(_built.Scales)))
        {
            throw new InvalidOperationException("The default variant differs from what ScannBuilder makes: VariantBuild no longer follows its stages. Bring it up to date.");
        }
    }

    /// <summary>What a build would have made with these choices.</summary>
    public QuantizedItems Make(AblationVariant variant)
    {
        var partition = _built.Partition;
        var members = new PartitionMembers(partition, _built.PartitionCount);
        var centroids = CentroidPlacement.Place(_rows, members, variant.PartitionEta, _report);
        var residuals = new Residuals(_rows, centroids);
        var sample = TrainingSample.Rows(_rows.Count, CodebookSampleLimit, _random.Stream(2));
        var learned = variant.Codec == ResidualCodec.Plain ? Plain(residuals, sample, partition) : residuals.Directions(sample, partition);
        var codebook = CodebookTrainer.Fit(learned, _rows.Dimension, null, _random.Stream(3), _report);
        var (codes, scales) = Encode(variant, residuals, codebook, partition);
        SpilledItems? spilled = null;
        if (variant.SoarLambda is { } lambda)
        {
            var second = SpillAssignment.Assign(_rows, centroids, partition, lambda, _report);
            var (secondCodes, secondScales) = Encode(variant, residuals, codebook, second);
            spilled = new SpilledItems(second, secondCodes, secondScales);
        }

        return new QuantizedItems
        {
            Count = _rows.Count,
            Dimension = _rows.Dimension,
            PartitionCount = _built.PartitionCount,
            Centroids = centroids,
            Partition = partition,
            Codebook = codebook,
            Codes = codes,
            Scales = scales,
            Spilled = spilled,
            Lift = _rows.Lift,
        };
    }

    private (byte[] Codes, float[] Scales) Encode(AblationVariant variant, Residuals residuals, float[] codebook, int[] partition)
    {
        if (variant.Codec == ResidualCodec.Plain)
        {
            return EncodePlain(variant, residuals, codebook, partition);
        }

        var eta = variant.Codec == ResidualCodec.UnitAndLengthWithoutEta ? 1 : variant.EncodingEta;
        var (codes, scales) = residuals.Encode(new ResidualEncoder(codebook, _rows.Dimension, eta), partition, _report);
        if (variant.Codec != ResidualCodec.UnitAndScale)
        {
            ForRows(residuals, partition, (row, _, residual) => scales[row] = (float)Math.Sqrt(EmbeddingLength.Squared(residual)));
        }

        return (codes, scales);
    }

    // The layout has a scale for every item; equal ones change nothing, so this codec has none.
    private (byte[] Codes, float[] Scales) EncodePlain(AblationVariant variant, Residuals residuals, float[] codebook, int[] partition)
    {
        var (dimension, blocks) = (_rows.Dimension, QuantizedItems.BlocksOf(_rows.Dimension));
        var (codes, scales) = (new byte[_rows.Count * blocks], new float[_rows.Count]);
        Array.Fill(scales, 1);
        using var encoders = new ThreadLocal<PlainEncoder>(() => new PlainEncoder(codebook, dimension, variant.EncodingEta));
        ForRows(residuals, partition, (row, item, residual) => encoders.Value!.Encode(item, residual, codes.AsSpan(row * blocks, blocks)));
        return (codes, scales);
    }

    private float[] Plain(Residuals residuals, int[] sample, int[] partition)
    {
        var (dimension, item) = (_rows.Dimension, new float[_rows.Dimension]);
        var values = new float[sample.Length * dimension];
        for (var i = 0; i < sample.Length; i++)
        {
            residuals.Copy(sample[i], partition[sample[i]], item, values.AsSpan(i * dimension, dimension));
        }

        return values;
    }

    private void ForRows(Residuals residuals, int[] partition, RowAction action) => Parallelism.ForRanges(_rows.Count, RowsPerPart, (start, end) =>
    {
        var (item, residual) = (new float[_rows.Dimension], new float[_rows.Dimension]);
        for (var row = start; row < end; row++)
        {
            residuals.Copy(row, partition[row], item, residual);
            action(row, item, residual);
        }
    });

    private delegate void RowAction(int row, ReadOnlySpan<float> item, ReadOnlySpan<float> residual);
}

using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Builds variants of an index from the library's own stages. The partitions of a seed are found once, by the library; what comes after, placing
/// the centroids, spilling, learning codewords and coding, is done again for every variant, so that variants differ in nothing else.
/// </summary>
internal sealed class VariantBuild
{
    private const int CodebookSampleLimit = 1 << 15;

    private readonly CodedRows _rows;
    private readonly PartitionMembers _members;
    private readonly int[] _partition;
    private readonly SeededRandom _random;
    private readonly BuildReport _report = new(null, CancellationToken.None);

    /// <param name="source">The items; alive as long as variants are made and packed.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="seed">Of the partitions and of all variants.</param>
    public VariantBuild(EmbeddingSource source, ScoreFunction scoreFunction, ulong seed)
    {
        var built = ScannBuilder.Build(source, scoreFunction, new ScannOptions { Tier = ScannTier.Tree, Seed = seed }, null, _report);
        _members = built.Members;
        _partition = _members.ToAssignment(source.Count);
        _rows = CodedRows.Check(source, scoreFunction, _report);
        _random = new SeededRandom(seed);
        var repeated = Make(new AblationVariant("", ""));
        if (!Enumerable.Range(0, built.PartitionCount).All(partition => CodeOf(repeated, partition) == CodeOf(built, partition)))
        {
            throw new InvalidOperationException("The default variant differs from what ScannBuilder makes: VariantBuild no longer follows its stages. Bring it up to date.");
        }
    }

    /// <summary>What a build would have made with these choices.</summary>
    public QuantizedItems Make(AblationVariant variant)
    {
        var centroids = CentroidPlacement.Place(_rows, _members, variant.PartitionEta, _report);
        var residuals = new Residuals(_rows, centroids);
        var sample = TrainingSample.Rows(_rows.Count, CodebookSampleLimit, _random.Stream(2));
        var learned = variant.Codec == ResidualCodec.Plain ? Plain(residuals, sample) : residuals.Directions(sample, _partition);
        using var memory = learned.Memory;
        var codebook = CodebookTrainer.Fit(learned, _rows.Dimension, null, _random.Stream(3), _report);
        var spilled = variant.SoarLambda is { } lambda
            ? new PartitionMembers(SpillAssignment.Assign(_rows, centroids, _partition, lambda, _report), _members.PartitionCount)
            : null;
        return new QuantizedItems(_rows, centroids, _members, spilled, codebook, Encoder(variant, codebook));
    }

    private IResidualEncoder Encoder(AblationVariant variant, float[] codebook) => variant.Codec switch
    {
        ResidualCodec.UnitAndScale => new ResidualEncoder(codebook, _rows.Dimension, variant.EncodingEta),
        ResidualCodec.UnitAndLength => new LengthEncoder(codebook, _rows.Dimension, variant.EncodingEta),
        ResidualCodec.UnitAndLengthWithoutEta => new LengthEncoder(codebook, _rows.Dimension, eta: 1),
        _ => new PlainEncoder(codebook, _rows.Dimension, variant.EncodingEta),
    };

    private Section<float> Plain(Residuals residuals, int[] sample)
    {
        var (dimension, item) = (_rows.Dimension, new float[_rows.Dimension]);
        var values = AllocatedMemory.New<float>((long)sample.Length * dimension);
        for (var i = 0; i < sample.Length; i++)
        {
            residuals.Copy(sample[i], _partition[sample[i]], item, values.Span((long)i * dimension, dimension));
        }

        return values;
    }

    // Codes and scales of a partition, as a text to compare.
    private static string CodeOf(QuantizedItems items, int partition)
    {
        var rows = items.Members[partition];
        var (codes, scales) = (new byte[rows.Length * items.BlockCount], new float[rows.Length]);
        items.Encode(partition, rows, codes, scales);
        return Convert.ToHexString(codes) + string.Join(' ', scales);
    }
}

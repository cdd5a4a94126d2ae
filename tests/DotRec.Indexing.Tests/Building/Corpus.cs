using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Seeded embeddings to build indexes from.</summary>
internal static class Corpus
{
    /// <summary>Points around centres, the lengths spread log-normally: what item embeddings look like.</summary>
    public static float[] Clustered(ulong seed, int count, int dimension, int clusters = 20, double lengthSpread = 0.3)
    {
        var random = new SeededRandom(seed);
        var centres = new double[clusters * dimension];
        foreach (ref var value in centres.AsSpan())
        {
            value = random.NextNormal();
        }

        var values = new float[count * dimension];
        for (var i = 0; i < count; i++)
        {
            var centre = random.NextInt(clusters) * dimension;
            var length = Math.Exp(lengthSpread * random.NextNormal());
            for (var j = 0; j < dimension; j++)
            {
                values[(i * dimension) + j] = (float)(length * (centres[centre + j] + (0.6 * random.NextNormal())));
            }
        }

        return values;
    }

    public static CodedItems Build(float[] values, int dimension, ScannOptions options, ScoreFunction function = ScoreFunction.Dot)
    {
        using var source = EmbeddingSource.From(values, dimension);
        return Build(source, function, options);
    }

    public static CodedItems Build(
        EmbeddingSource source, ScoreFunction function, ScannOptions options, IProgress<ScannProgress>? progress = null) =>
        new(ScannBuilder.Build(source, function, options, null, new BuildReport(progress, TestContext.Current.CancellationToken)));

    /// <summary>Values where a build keeps its samples; the caller gives the memory back.</summary>
    public static Section<float> Copy(float[] values)
    {
        var section = AllocatedMemory.New<float>(values.Length);
        values.CopyTo(section.Span(0, values.Length));
        return section;
    }

    /// <summary>What the codes of an item stand for: centroid + scale · codewords, in double.</summary>
    public static double[] Decode(CodedItems items, int row)
    {
        var values = new double[items.Dimension];
        for (var j = 0; j < values.Length; j++)
        {
            var code = items.Codes[(row * items.BlockCount) + (j / 2)];
            values[j] = items.Centroids[(items.Partition[row] * items.Dimension) + j]
                + ((double)items.Scales[row] * items.Codebook[(((j / 2 * QuantizedItems.Codewords) + code) * 2) + (j % 2)]);
        }

        return values;
    }
}

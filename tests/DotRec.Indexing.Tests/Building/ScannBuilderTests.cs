using CsCheck;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class ScannBuilderTests
{
    private static readonly ScannOptions Tree = new() { Tier = ScannTier.Tree, TrainingSampleLimit = 16 };

    [Fact]
    public void Any_corpus_gives_a_well_formed_result() => Gen.Select(
            OneOf(0, 1, 2, 15, 16, 17, 31, 32, 33, 300),
            OneOf(1, 2, 3, 7, 50),
            OneOf(1, 5, 40, 1000),
            Gen.Enum<ScoreFunction>(),
            Gen.Bool,
            OneOf("spread", "equal", "zero", "duplicates", "outlier", "far"))
        .Sample(
            (count, dimension, partitions, function, soar, kind) =>
            {
                var values = Values(kind, count, dimension);
                CheckForm(Corpus.Build(values, dimension, Tree with { PartitionCount = partitions, Soar = soar }, function), count, partitions);
            },
            iter: 300,
            seed: "0000000000000");

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.Cosine, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false)]
    public void The_thread_count_does_not_change_a_byte(ScoreFunction function, bool soar)
    {
        var values = Corpus.Clustered(1, 5000, 21);
        var before = Parallelism.MaxDegreeOfParallelism;
        try
        {
            CodedItems? first = null;
            foreach (var threads in new[] { 1, 2, 5 })
            {
                Parallelism.MaxDegreeOfParallelism = threads;
                var items = Corpus.Build(values, 21, Tree with { PartitionCount = 70, Soar = soar, Seed = 9 }, function);
                AssertSame(first ??= items, items);
            }
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = before;
        }
    }

    [Fact]
    public void Another_seed_gives_other_partitions()
    {
        var values = Corpus.Clustered(1, 1000, 8);
        Assert.NotEqual(
            Corpus.Build(values, 8, Tree with { PartitionCount = 30, Seed = 1 }).Partition,
            Corpus.Build(values, 8, Tree with { PartitionCount = 30, Seed = 2 }).Partition);
    }

    [Theory]
    [InlineData(float.NaN, "Row 777 holds NaN at position 2; embeddings are finite numbers.")]
    [InlineData(float.NegativeInfinity, "Row 777 holds -Infinity at position 2; embeddings are finite numbers.")]
    public void A_row_that_is_no_embedding_is_refused_by_number(float value, string message)
    {
        var values = Corpus.Clustered(1, 3000, 4);
        values[(777 * 4) + 2] = value;
        values[2000 * 4] = value;
        var error = Assert.Throws<ArgumentException>(() => Corpus.Build(values, 4, Tree));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Equal_rows_share_one_partition_and_are_kept_exactly(ScoreFunction function)
    {
        var values = Enumerable.Repeat(new[] { 3f, -4f, 12f }, 100).SelectMany(row => row).ToArray();
        var items = Corpus.Build(values, 3, Tree with { PartitionCount = 10 }, function);
        Assert.Equal(1, items.PartitionCount);
        var decoded = Corpus.Decode(items, 57);
        var origin = items.Lift?.Origin.ToArray() ?? new float[3];
        Assert.Equal([3, -4, 12], decoded.Take(3).Zip(origin, (value, shift) => value + shift), (x, y) => Math.Abs(x - y) < 1e-4);
    }

    [Fact]
    public void Duplicates_have_equal_codes()
    {
        var half = Corpus.Clustered(3, 400, 6);
        var items = Corpus.Build([.. half, .. half], 6, Tree with { PartitionCount = 20 });
        for (var row = 0; row < 400; row++)
        {
            Assert.Equal(items.Partition[row], items.Partition[row + 400]);
            Assert.Equal(items.Scales[row], items.Scales[row + 400]);
            Assert.Equal(items.Codes.AsSpan(row * 3, 3), items.Codes.AsSpan((row + 400) * 3, 3));
        }
    }

    [Fact]
    public void Decoded_items_are_near_and_their_scores_nearer()
    {
        // 2 bits a dimension of a Gaussian leave about 12 % of the energy (Lloyd and Max); a two-dimensional codebook does a little better.
        const int Dimension = 32;
        var values = Corpus.Clustered(5, 4000, Dimension);
        var items = Corpus.Build(values, Dimension, Tree with { PartitionCount = 40, PartitionEta = 1, EncodingEta = 1, TrainingSampleLimit = 100 });
        double error = 0, residual = 0, along = 0;
        for (var row = 0; row < items.Count; row++)
        {
            var decoded = Corpus.Decode(items, row);
            double dot = 0, square = 0;
            for (var j = 0; j < Dimension; j++)
            {
                var x = values[(row * Dimension) + j];
                error += (x - decoded[j]) * (x - decoded[j]);
                var fromCentroid = x - items.Centroids[(items.Partition[row] * Dimension) + j];
                residual += fromCentroid * fromCentroid;
                dot += x * (x - decoded[j]);
                square += x * x;
            }

            along += dot * dot / square;
        }

        Assert.InRange(error / residual, 0.05, 0.13);
        Assert.InRange(along / error, 0, 0.1);
    }

    [Fact]
    public void One_partition_for_a_flat_tier()
    {
        var items = Corpus.Build(Corpus.Clustered(1, 500, 5), 5, new ScannOptions { Tier = ScannTier.FlatPq, PartitionCount = 30 });
        Assert.Equal(1, items.PartitionCount);
    }

    [Fact]
    public void Progress_tells_the_stages_in_order_and_ends_each()
    {
        var reports = new List<ScannProgress>();
        using var source = EmbeddingSource.From(Corpus.Clustered(1, 3000, 8), 8);
        using var index = ScannIndex.Build(
            source, options: Tree with { PartitionCount = 50 }, progress: new Reports(reports.Add), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Enum.GetValues<ScannStage>(), reports.Select(report => report.Stage).Distinct());
        Assert.Equal(reports.Select(report => report.Stage).Order(), reports.Select(report => report.Stage));
        Assert.All(reports, report => Assert.InRange(report.Fraction, 0, 1));
    }

    [Theory]
    [InlineData(ScannStage.Checking)]
    [InlineData(ScannStage.Partitioning)]
    [InlineData(ScannStage.Assigning)]
    [InlineData(ScannStage.TrainingCodebook)]
    [InlineData(ScannStage.Encoding)]
    public void A_build_can_be_cancelled_in_every_stage(ScannStage stage)
    {
        using var cancellation = new CancellationTokenSource();
        using var source = EmbeddingSource.From(Corpus.Clustered(1, 3000, 8), 8);
        var progress = new Reports(report =>
        {
            if (report.Stage == stage)
            {
                cancellation.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(
            () => ScannIndex.Build(source, options: Tree with { PartitionCount = 50 }, progress: progress, cancellationToken: cancellation.Token));
    }

    [Fact]
    public void A_disposed_source_is_refused()
    {
        var source = EmbeddingSource.From(new float[10], 2);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Corpus.Build(source, ScoreFunction.Dot, Tree));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static float[] Values(string kind, int count, int dimension)
    {
        var values = Corpus.Clustered((ulong)(count + dimension), count, dimension);
        switch (kind)
        {
            case "equal":
                Array.Fill(values, 1.5f);
                break;
            case "zero":
                Array.Clear(values);
                break;
            case "duplicates":
                for (var i = dimension; i < values.Length; i++)
                {
                    values[i] = values[i % Math.Min(values.Length, dimension * 3)];
                }

                break;
            case "outlier" when count > 1:
                values[0] = 4.6e18f;
                values[^1] = -4.6e18f;
                break;
            case "far":
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] += 1e6f;
                }

                break;
        }

        return values;
    }

    private static void CheckForm(CodedItems items, int count, int partitions)
    {
        Assert.Equal(count, items.Count);
        Assert.InRange(items.PartitionCount, Math.Min(count, 1), Math.Min(count, partitions));
        Assert.Equal(count, items.Partition.Length);
        Assert.Equal(items.PartitionCount, items.Partition.Distinct().Count());
        Assert.All(items.Partition, partition => Assert.InRange(partition, 0, items.PartitionCount - 1));
        Assert.Equal(items.PartitionCount * items.Dimension, items.Centroids.Length);
        Assert.All(items.Centroids, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(items.BlockCount * 32, items.Codebook.Length);
        Assert.All(items.Codebook, value => Assert.InRange(value, -1.0001f, 1.0001f));
        CheckCodes(items.Codes, items.Scales, items);
        if (items.Spilled is { } spilled)
        {
            Assert.All(Enumerable.Range(0, count), row => Assert.NotEqual(items.Partition[row], spilled.Partition[row]));
            Assert.All(spilled.Partition, partition => Assert.InRange(partition, 0, items.PartitionCount - 1));
            CheckCodes(spilled.Codes, spilled.Scales, items);
        }
    }

    private static void CheckCodes(byte[] codes, float[] scales, CodedItems items)
    {
        Assert.Equal((long)items.Count * items.BlockCount, codes.Length);
        Assert.All(codes, code => Assert.InRange(code, 0, 15));
        Assert.Equal(items.Count, scales.Length);
        Assert.All(scales, scale => Assert.True(float.IsFinite(scale) && scale >= 0));
    }

    private static void AssertSame(CodedItems expected, CodedItems actual)
    {
        Assert.Equal(expected.Partition, actual.Partition);
        Assert.Equal(expected.Centroids, actual.Centroids);
        Assert.Equal(expected.Codebook, actual.Codebook);
        Assert.Equal(expected.Codes, actual.Codes);
        Assert.Equal(expected.Scales, actual.Scales);
        Assert.Equal(expected.Spilled?.Partition, actual.Spilled?.Partition);
        Assert.Equal(expected.Spilled?.Codes, actual.Spilled?.Codes);
        Assert.Equal(expected.Spilled?.Scales, actual.Spilled?.Scales);
        Assert.Equal(expected.Lift?.QueryValue, actual.Lift?.QueryValue);
        Assert.Equal(expected.Lift?.Center, actual.Lift?.Center);
        Assert.Equal(expected.Lift?.Origin.ToArray(), actual.Lift?.Origin.ToArray());
    }

    private sealed class Reports(Action<ScannProgress> report) : IProgress<ScannProgress>
    {
        public void Report(ScannProgress value) => report(value);
    }
}

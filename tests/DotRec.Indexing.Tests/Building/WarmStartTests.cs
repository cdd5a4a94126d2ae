using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Building an index from an earlier one.</summary>
public sealed class WarmStartTests : IDisposable
{
    private const int Dimension = 16;
    private const int Count = 6000;

    private static readonly ScannOptions Tree = new() { TrainingSampleLimit = 64, KMeansIterations = 50, PartitionsToSearch = 8, RescoringCount = 100 };

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly float[] _items = Corpus.Clustered(21, Count, Dimension, 200);

    public static TheoryData<ScoreFunction, bool> Cases() => new()
    {
        { ScoreFunction.Dot, false },
        { ScoreFunction.Cosine, true },
        { ScoreFunction.NegatedSquaredL2, false },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Items_that_moved_a_little_need_half_the_rounds_and_are_found_as_well(ScoreFunction function, bool soar)
    {
        var options = Tree with { Soar = soar };
        var moved = Moved(_items, 0.1);
        using var before = Build(_items, function, options);
        using var exact = BruteForceIndex.Build(moved, Dimension, null, function);
        var (coldRounds, warmRounds) = (new Rounds(), new Rounds());
        using var cold = Build(moved, function, options, null, coldRounds);
        using var warm = Build(moved, function, options, before, warmRounds);
        Assert.InRange(warmRounds.Count, 2, coldRounds.Count / 2);
        Assert.Equal(before.PartitionCount, warm.PartitionCount);
        Assert.InRange(Recall(warm, exact), Recall(cold, exact) - 0.01, 1);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_bytes_do_not_depend_on_threads_or_on_where_the_earlier_index_lies(ScoreFunction function, bool soar)
    {
        var options = Tree with { Soar = soar };
        var (path, threads) = (Path.Combine(_folder, "before"), Parallelism.MaxDegreeOfParallelism);
        using var before = Build(_items, function, options);
        before.Save(path);
        using var opened = (ScannIndex)ItemIndex.Open(path);
        try
        {
            var moved = Moved(_items, 0.1);
            var expected = Bytes(Build(moved, function, options, before));
            foreach (var count in new[] { 1, 5 })
            {
                Parallelism.MaxDegreeOfParallelism = count;
                Assert.Equal(expected, Bytes(Build(moved, function, options, opened)));
            }

            Assert.NotEqual(expected, Bytes(Build(moved, function, options)));
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Theory]
    [InlineData(6000, 64)]
    [InlineData(10_000, 64)]
    [InlineData(3000, 64)]
    [InlineData(20_000, 128)]
    [InlineData(2100, 32)]
    [InlineData(1000, 1)]
    public void The_number_of_partitions_is_kept_while_it_is_near_the_suggested_one(int count, int expected)
    {
        using var before = Build(_items, ScoreFunction.Dot, Tree);
        Assert.Equal(64, before.PartitionCount);
        using var warm = Build(Corpus.Clustered(21, count, Dimension, 200), ScoreFunction.Dot, Tree, before);
        Assert.Equal(expected, warm.PartitionCount);
    }

    [Fact]
    public void More_partitions_asked_for_are_added_and_fewer_are_made_anew()
    {
        using var before = Build(_items, ScoreFunction.Dot, Tree);
        using var more = Build(_items, ScoreFunction.Dot, Tree with { PartitionCount = 70 }, before);
        using var cold = Build(_items, ScoreFunction.Dot, Tree with { PartitionCount = 70 });
        using var exact = BruteForceIndex.Build(_items, Dimension);
        Assert.Equal(70, more.PartitionCount);
        Assert.InRange(Recall(more, exact), Recall(cold, exact) - 0.01, 1);
        Assert.Equal(
            Bytes(Build(_items, ScoreFunction.Dot, Tree with { PartitionCount = 50 })),
            Bytes(Build(_items, ScoreFunction.Dot, Tree with { PartitionCount = 50 }, before)));
    }

    [Fact]
    public void An_earlier_index_without_items_or_of_equal_ones_does_no_harm()
    {
        var cold = Bytes(Build(_items, ScoreFunction.Dot, Tree));
        using var empty = Build([], ScoreFunction.Dot, Tree);
        Assert.Equal(cold, Bytes(Build(_items, ScoreFunction.Dot, Tree, empty)));
        using var equal = Build(Enumerable.Repeat(1f, Count * Dimension).ToArray(), ScoreFunction.Dot, Tree);
        Assert.Equal(cold, Bytes(Build(_items, ScoreFunction.Dot, Tree, equal)));
    }

    [Fact]
    public void A_dimension_that_was_zero_before_gets_codewords()
    {
        var flat = _items.ToArray();
        for (var i = 0; i < flat.Length; i += Dimension)
        {
            flat.AsSpan(i, 2).Clear();
        }

        using var before = Build(flat, ScoreFunction.Dot, Tree);
        using var exact = BruteForceIndex.Build(_items, Dimension);
        using var cold = Build(_items, ScoreFunction.Dot, Tree);
        using var warm = Build(_items, ScoreFunction.Dot, Tree, before);
        Assert.InRange(Recall(warm, exact), Recall(cold, exact) - 0.01, 1);
        Assert.Equal(16, Enumerable.Range(0, 16).Select(i => (warm.Snapshot.Tables.Codewords[i], warm.Snapshot.Tables.Codewords[16 + i])).Distinct().Count());
    }

    [Theory]
    [InlineData(8, ScoreFunction.Dot)]
    [InlineData(Dimension, ScoreFunction.Cosine)]
    public void An_index_of_another_space_is_refused(int dimension, ScoreFunction function)
    {
        using var before = Build(_items, ScoreFunction.Dot, Tree);
        var error = Assert.Throws<ArgumentException>(
            () => ScannIndex.Build(_items, dimension, null, function, Tree, before, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal("warmStart", error.ParamName);
        Assert.StartsWith(
            $"The index to start from holds embeddings of 16 values scored by Dot; those to build from have {dimension} and are scored by {function}. Give " +
            "an index of the same width and score function, or null to start cold.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_index_is_refused()
    {
        var before = Build(_items, ScoreFunction.Dot, Tree);
        before.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Build(_items, ScoreFunction.Dot, Tree, before));
    }

    private static ScannIndex Build(
        float[] items, ScoreFunction function, ScannOptions options, ScannIndex? warmStart = null, IProgress<ScannProgress>? progress = null) =>
        ScannIndex.Build(items, Dimension, null, function, options, warmStart, progress, TestContext.Current.CancellationToken);

    private static float[] Moved(float[] items, double noise)
    {
        var random = new SeededRandom(77);
        return Array.ConvertAll(items, value => (float)(value + (noise * random.NextNormal())));
    }

    private static double Recall(ScannIndex index, BruteForceIndex exact)
    {
        var queries = Corpus.Clustered(21, 300, Dimension, 200);
        return index.SearchBatch(queries, 10).Zip(exact.SearchBatch(queries, 10), (a, b) => a.Intersect(b).Count() / 10.0).Average();
    }

    private byte[] Bytes(ScannIndex index)
    {
        var path = Path.Combine(_folder, "built");
        using (index)
        {
            index.Save(path);
        }

        return File.ReadAllBytes(path);
    }

    private sealed class Rounds : IProgress<ScannProgress>
    {
        public int Count { get; private set; }

        public void Report(ScannProgress value) => Count += value is { Stage: ScannStage.Partitioning, Fraction: > 0 } ? 1 : 0;
    }
}

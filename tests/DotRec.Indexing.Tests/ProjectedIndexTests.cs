using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Indexes from 256 dimensions on, whose items are coded in their first principal components.</summary>
public sealed class ProjectedIndexTests : IDisposable
{
    private const int Count = 6000;

    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-projected-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(256, ScoreFunction.Dot)]
    [InlineData(256, ScoreFunction.Cosine)]
    [InlineData(256, ScoreFunction.NegatedSquaredL2)]
    [InlineData(300, ScoreFunction.Dot)]
    [InlineData(384, ScoreFunction.Cosine)]
    [InlineData(384, ScoreFunction.NegatedSquaredL2)]
    [InlineData(768, ScoreFunction.Dot)]
    [InlineData(768, ScoreFunction.Cosine)]
    [InlineData(768, ScoreFunction.NegatedSquaredL2)]
    public void Recall_is_high_and_scores_are_those_of_the_exact_index(int dimension, ScoreFunction function)
    {
        var (items, queries) = (Spectral(1, Count, dimension), Spectral(1, Count + 200, dimension)[(Count * dimension)..]);
        using var index = ScannIndex.Build(
            items, dimension, null, function, new ScannOptions { PartitionsToSearch = 20, RescoringCount = 30 },
            cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(items, dimension, null, function);
        Assert.InRange(index.Snapshot.Form.Projection!.Dimension, 16, dimension / 2);
        var expected = exact.SearchBatch(queries, 10);
        var found = index.SearchBatch(queries, 10);
        var recall = found.Zip(expected, (some, best) => some.Select(x => x.Row).Intersect(best.Select(x => x.Row)).Count() / 10.0).Average();
        Assert.InRange(recall, 0.95, 1);
        foreach (var (some, best) in found.Zip(expected))
        {
            var scores = best.ToDictionary(candidate => candidate.Row, candidate => candidate.Score);
            Assert.All(some.Where(candidate => scores.ContainsKey(candidate.Row)), candidate => Assert.Equal(scores[candidate.Row], candidate.Score));
        }
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.Cosine, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true)]
    public void Everything_searched_and_rescored_is_the_exact_answer(ScoreFunction function, bool soar)
    {
        const int Dimension = 260;
        var items = Spectral(2, 2500, Dimension);
        var options = new ScannOptions { Soar = soar, PartitionsToSearch = int.MaxValue, RescoringCount = int.MaxValue };
        using var index = ScannIndex.Build(items, Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(items, Dimension, null, function);
        Assert.NotNull(index.Snapshot.Form.Projection);
        var queries = Spectral(3, 20, Dimension);
        Assert.Equal(exact.SearchBatch(queries, 25), index.SearchBatch(queries, 25));
        var filter = ItemFilter.Allow(2500, Enumerable.Range(0, 2500).Where(row => row % 3 != 0).ToArray());
        Assert.Equal(exact.SearchBatch(queries, 25, filter), index.SearchBatch(queries, 25, filter));
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true)]
    public void Single_batched_and_opened_searches_agree_to_the_bit_in_every_lane(ScoreFunction function, bool soar)
    {
        const int Dimension = 272;
        var (items, queries) = (Spectral(4, 4000, Dimension), Spectral(5, 40, Dimension));
        using var source = EmbeddingSource.From(items, Dimension);
        var path = Path.Combine(_folder, "items.index");
        Candidate[][]? expected = null;
        foreach (var lane in Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported))
        {
            using var index = ScannIndex.Build(
                source, null, function, new ScannOptions { Soar = soar }, PackedLookupKernels.Of(lane), cancellationToken: TestContext.Current.CancellationToken);
            var batch = index.SearchBatch(queries, 12);
            expected ??= batch;
            Assert.Equal(expected, batch);
            for (var query = 0; query < 40; query++)
            {
                Assert.Equal(batch[query], index.Search(queries.AsSpan(query * Dimension, Dimension), 12));
            }

            index.Save(path);
            using var opened = (ScannIndex)ItemIndex.Open(path, ArtifactVerification.Full);
            Assert.Equal(batch, opened.SearchBatch(queries, 12));
            Assert.Same(opened.Snapshot.Memory, opened.Snapshot.Form.Projection!.Rows.Values.Memory);
            Assert.Same(opened.Snapshot.Memory, opened.Snapshot.Refining!.Values.Memory);
        }
    }

    [Fact]
    public void The_same_bytes_at_any_thread_count()
    {
        const int Dimension = 264;
        var (items, before) = (Spectral(6, 3000, Dimension), Parallelism.MaxDegreeOfParallelism);
        try
        {
            var files = new[] { 1, 3 }.Select(threads =>
            {
                Parallelism.MaxDegreeOfParallelism = threads;
                using var index = ScannIndex.Build(items, Dimension, null, ScoreFunction.Cosine, cancellationToken: TestContext.Current.CancellationToken);
                var path = Path.Combine(_folder, $"{threads}.index");
                index.Save(path);
                return File.ReadAllBytes(path);
            }).ToArray();
            Assert.Equal(files[0], files[1]);
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = before;
        }
    }

    [Fact]
    public void A_warm_start_keeps_the_projection_while_it_fits()
    {
        const int Dimension = 256;
        var items = Spectral(7, 4000, Dimension);
        using var first = ScannIndex.Build(items, Dimension, cancellationToken: TestContext.Current.CancellationToken);
        using var again = ScannIndex.Build(items.AsSpan(0, 3900 * Dimension), Dimension, warmStart: first, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(first.Snapshot.Form.Projection!.Rows.ToRows(), again.Snapshot.Form.Projection!.Rows.ToRows());

        // Other directions: what the earlier projection keeps of these rows is next to nothing.
        var others = Spectral(70, 4000, Dimension);
        using var moved = ScannIndex.Build(others, Dimension, warmStart: first, cancellationToken: TestContext.Current.CancellationToken);
        using var cold = ScannIndex.Build(others, Dimension, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(cold.Snapshot.Form.Projection!.Rows.ToRows(), moved.Snapshot.Form.Projection!.Rows.ToRows());
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.Cosine, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false)]
    public void Added_items_are_found_like_those_that_were_there(ScoreFunction function, bool soar)
    {
        const int Dimension = 256;
        var all = Spectral(10, 5200, Dimension);
        var (items, queries) = (all[..(5000 * Dimension)], all[(5000 * Dimension)..]);
        var options = new ScannOptions { Soar = soar, PartitionsToSearch = 15, RescoringCount = 30 };
        var built = ScannIndex.Build(
            items.AsSpan(0, 3500 * Dimension), Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        using var live = new LiveIndex(built, options, int.MaxValue);
        for (var first = 3500; first < 5000; first += 500)
        {
            live.Upsert(Enumerable.Range(first, 500).Select(row => (long)row).ToArray(), items.AsSpan(first * Dimension, 500 * Dimension));
        }

        live.Delete(Enumerable.Range(0, 500).Select(row => 7L * row).ToArray());
        using var exact = BruteForceIndex.Build(items, Dimension, null, function);
        var gone = ItemFilter.Allow(5000, Enumerable.Range(0, 5000).Where(row => row % 7 != 0 || row >= 3500).ToArray());
        var (hits, added) = (0, 0);
        for (var query = 0; query < 200; query++)
        {
            var vector = queries.AsSpan(query * Dimension, Dimension);
            var best = exact.Search(vector, 10, gone).ToDictionary(candidate => candidate.Row, candidate => candidate.Score);
            foreach (var candidate in live.Current.Search(vector, 10))
            {
                hits += best.TryGetValue(candidate.Row, out var score) ? 1 : 0;
                added += candidate.Row >= 3500 ? 1 : 0;
                Assert.True(score == 0 || score == candidate.Score);
            }
        }

        Assert.InRange(hits / 2000.0, 0.95, 1);
        Assert.InRange(added / 2000.0, 0.2, 0.5);
    }

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void What_is_left_under_filters_and_exclusions_is_found_as_well_as_all(ScoreFunction function)
    {
        const int Dimension = 384;
        var all = Spectral(13, 9150, Dimension);
        var (items, queries) = (all[..(9000 * Dimension)], all[(9000 * Dimension)..]);
        using var index = ScannIndex.Build(items, Dimension, null, function, cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(items, Dimension, null, function);
        var tenth = ItemFilter.Allow(9000, Enumerable.Range(0, 9000).Where(row => row * 7 % 10 == 3).ToArray());
        var best = exact.SearchBatch(queries, 60).Select(list => list.Select(candidate => candidate.Row).ToArray()).ToArray();
        var unrestricted = Recall(null, null);
        Assert.InRange(unrestricted, 0.93, 1);
        Assert.InRange(Recall(tenth, null), unrestricted - 0.02, 1);
        Assert.InRange(Recall(null, best), unrestricted - 0.02, 1);

        double Recall(ItemFilter? filter, int[][]? excluded)
        {
            var (results, counts) = (new Candidate[1500], new int[150]);
            index.SearchBatch(queries, 10, results, counts, filter, excluded);
            Assert.All(counts, count => Assert.Equal(10, count));
            var right = new Candidate[1500];
            exact.SearchBatch(queries, 10, right, counts, filter, excluded);
            return results.Chunk(10).Zip(right.Chunk(10), (some, list) => some.Intersect(list).Count() / 10.0).Average();
        }
    }

    [Theory]
    [InlineData(ScoreFunction.Dot, 0.9)]
    [InlineData(ScoreFunction.Cosine, 0.97)]
    [InlineData(ScoreFunction.NegatedSquaredL2, 0.97)]
    public void A_build_calibrates_what_projected_rows_choose(ScoreFunction function, double target)
    {
        const int Dimension = 300;
        var all = Spectral(11, 8300, Dimension);
        var (items, queries) = (all[..(8000 * Dimension)], all[(8000 * Dimension)..]);
        using var index = ScannIndex.Build(items, Dimension, null, function, cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(items, Dimension, null, function);
        var calibration = index.Calibrate(queries, target, 10, TestContext.Current.CancellationToken);
        Assert.InRange(calibration.Chosen.Recall, target, 1);
        var recall = index.SearchBatch(queries, 10).Zip(exact.SearchBatch(queries, 10), (some, best) => some.Intersect(best).Count() / 10.0).Average();
        Assert.Equal(calibration.Chosen.Recall, recall, 1e-9);

        // Of the settings with as many partitions, a much shorter list would not have done.
        var chosen = calibration.Chosen.Options;
        Assert.InRange(chosen.RescoringCount!.Value, 10, 200);
    }

    [Fact]
    public void Second_copies_are_not_made_where_neighbours_lie_together()
    {
        using var index = ScannIndex.Build(Spectral(12, 6000, 256), 256, null, ScoreFunction.Cosine, cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(index.Snapshot.Codes.HasSpilled);
    }

    [Fact]
    public void Texts_are_coded_in_about_half_of_their_dimensions_and_twice_and_found_as_promised()
    {
        const int Dimension = 384;
        const int QueryCount = 1000;
        var path = TestData.Find("text-384.npy.gz");
        Assert.SkipWhen(path is null, TestData.Absent("text-384.npy.gz"));
        using var file = EmbeddingSource.Open(path!);
        var values = new float[file.Count * Dimension];
        for (var row = 0; row < file.Count; row++)
        {
            file.CopyRow(row, values.AsSpan(row * Dimension, Dimension));
        }

        var (items, queries) = (values[..((file.Count - QueryCount) * Dimension)], values[((file.Count - QueryCount) * Dimension)..]);
        using var index = ScannIndex.Build(items, Dimension, null, ScoreFunction.Cosine, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(index.Snapshot.Form.Projection!.Dimension, 120, 264);
        Assert.True(index.Snapshot.Codes.HasSpilled);
        using var exact = BruteForceIndex.Build(items, Dimension, null, ScoreFunction.Cosine);
        var recall = index.SearchBatch(queries, 10).Zip(exact.SearchBatch(queries, 10), (some, best) => some.Intersect(best).Count() / 10.0).Average();
        Assert.InRange(recall, 0.9, 1);
    }

    [Fact]
    public void Few_dimensions_few_items_and_even_spectra_are_coded_whole()
    {
        Assert.Null(ProjectionOf(Spectral(8, 4000, 255), 255));
        Assert.Null(ProjectionOf(Spectral(8, 1900, 256), 256));
        var random = new SeededRandom(8);
        Assert.Null(ProjectionOf([.. Enumerable.Range(0, 4000 * 256).Select(_ => (float)random.NextNormal())], 256));
        Assert.Null(ProjectionOf(new float[4000 * 256], 256));
    }

    [Fact]
    public void A_projection_out_of_a_damaged_file_finds_something_else_and_nothing_worse()
    {
        const int Dimension = 256;
        var items = Spectral(9, 3000, Dimension);
        var path = Path.Combine(_folder, "items.index");
        using (var index = ScannIndex.Build(items, Dimension, null, ScoreFunction.NegatedSquaredL2, cancellationToken: TestContext.Current.CancellationToken))
        {
            index.Save(path);
        }

        var good = File.ReadAllBytes(path);
        var random = new SeededRandom(1);
        foreach (var tag in new[] { SectionTag.Projection, SectionTag.RefiningRows })
        {
            var bad = (byte[])good.Clone();
            var section = FileSections.Find(bad, tag);

            // All but the steps of the projection, the first 64 bytes of every 16 rows, which are looked at.
            var panel = 64 + ShortProducts.PanelBytes(Dimension);
            for (var i = 0; i < section.Length; i++)
            {
                bad[(int)section.Offset + i] = tag == SectionTag.Projection && i % panel < 64 ? bad[(int)section.Offset + i] : (byte)random.NextInt(256);
            }

            File.WriteAllBytes(path, bad);
            Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(path, ArtifactVerification.Full));
            using var opened = ItemIndex.Open(path, ArtifactVerification.Structure);
            var found = opened.Search(items.AsSpan(0, Dimension), 10);
            Assert.Equal(10, found.Length);
            Assert.All(found, candidate => Assert.True(float.IsFinite(candidate.Score)));
        }

        foreach (var step in new[] { float.NaN, float.PositiveInfinity, -2 })
        {
            var bad = (byte[])good.Clone();
            BitConverter.TryWriteBytes(bad.AsSpan((int)FileSections.Find(bad, SectionTag.Projection).Offset + 4), step);
            Refused(bad);
        }

        var at = (int)FileSections.Find(good, SectionTag.ScannProperties).Offset;
        var (coded, width) = (at + (int)Marshal.OffsetOf<ScannProperties>(nameof(ScannProperties.CodedDimension)), at + (int)Marshal.OffsetOf<ScannProperties>(
            nameof(ScannProperties.BlockWidth)));
        foreach (var (offset, value) in new[] { (coded, -1), (coded, 1), (coded, 257), (coded, 32767), (width, 1), (width, 2), (width, 5) })
        {
            var bad = (byte[])good.Clone();
            BitConverter.TryWriteBytes(bad.AsSpan(offset), (short)value);
            Refused(bad);
        }

        void Refused(byte[] bad)
        {
            File.WriteAllBytes(path, bad);
            Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(path, ArtifactVerification.Structure).Dispose());
        }
    }

    private static Projection? ProjectionOf(float[] items, int dimension)
    {
        using var index = ScannIndex.Build(items, dimension, cancellationToken: TestContext.Current.CancellationToken);
        return index.Snapshot.Form.Projection;
    }

    // Clusters in a space whose directions are drawn by the seed, the variances falling fast.
    private static float[] Spectral(ulong seed, int count, int dimension, int clusters = 50)
    {
        var random = new SeededRandom(seed);
        const int Rank = 60;
        var basis = Enumerable.Range(0, Rank * dimension).Select(_ => (float)random.NextNormal()).ToArray();
        var centres = Enumerable.Range(0, clusters * Rank).Select(i => random.NextNormal() / Math.Sqrt((i % Rank) + 1)).ToArray();
        var values = new float[count * dimension];
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * dimension, dimension);
            var centre = random.NextInt(clusters) * Rank;
            var length = Math.Exp(0.2 * random.NextNormal());
            for (var k = 0; k < Rank; k++)
            {
                var factor = length * (centres[centre + k] + (0.5 * random.NextNormal() / Math.Sqrt(k + 1)));
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<float>(basis.AsSpan(k * dimension, dimension), (float)factor, row, row);
            }

            foreach (ref var value in row)
            {
                value += (float)(0.2 * random.NextNormal());
            }
        }

        return values;
    }
}

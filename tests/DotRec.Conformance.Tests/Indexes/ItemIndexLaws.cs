using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>All laws of an <see cref="IItemIndex"/> that goes to every item: those of answers and inputs, and here those of files and life time.</summary>
public abstract class ItemIndexLaws(ScoreFunction scoreFunction, ItemIdType idType) : IndexInputLaws(scoreFunction, idType), IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-index-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_saved_index_gives_the_same_answers_bit_for_bit()
    {
        foreach (var sample in IndexCase.Small().Where((_, i) => i % 9 == 0).Append(IndexCase.Large))
        {
            var (queries, exclusions, filter) = (sample.Queries(), sample.Exclusions(), sample.Filter(0.7));
            using var index = Build(sample);
            index.Save(File("saved.index"));
            using var opened = ItemIndex.Open(File("saved.index"), ArtifactVerification.Full);
            Assert.Equal(
                (index.Count, index.Dimension, index.ScoreFunction, index.IsExact, index.Ids.Type),
                (opened.Count, opened.Dimension, opened.ScoreFunction, opened.IsExact, opened.Ids.Type));
            var (expected, actual) = (index.SearchBatch(queries, sample.K, filter, exclusions), opened.SearchBatch(queries, sample.K, filter, exclusions));
            Assert.All(Enumerable.Range(0, sample.QueryCount), query => AssertSame(expected[query], actual[query], sample));
            AssertSame(index.Search(Query(sample, queries, 0), sample.K), opened.Search(Query(sample, queries, 0), sample.K), sample);
            var (embedding, copy) = (new float[sample.Dimension], new float[sample.Dimension]);
            for (var row = 0; row < sample.Count; row += 17)
            {
                index.CopyEmbedding(row, embedding);
                opened.CopyEmbedding(row, copy);
                Assert.Equal(embedding, copy);
                Assert.Equal(index.Ids[row], opened.Ids[row]);
                Assert.Equal(row, opened.Ids.RowOf(index.Ids[row]));
            }

            Assert.Equal(-1, opened.Ids.RowOf("absent"));
            Assert.Equal(-1, opened.Ids.RowOf(-51L));
        }
    }

    [Fact]
    public void Saving_again_and_saving_what_was_opened_write_the_same_bytes()
    {
        var sample = new IndexCase(150, 7, 1, 1, 5);
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            using var index = Build(sample);
            index.Save(File("one"));
            Parallelism.MaxDegreeOfParallelism = 3;
            using var again = Build(sample);
            again.Save(File("two"));
            using var opened = ItemIndex.Open(File("two"));
            opened.Save(File("three"));
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }

        Assert.Equal(System.IO.File.ReadAllBytes(File("one")), System.IO.File.ReadAllBytes(File("two")));
        Assert.Equal(System.IO.File.ReadAllBytes(File("one")), System.IO.File.ReadAllBytes(File("three")));
    }

    [Fact]
    public void Every_altered_byte_and_every_truncation_is_an_artifact_format_error()
    {
        using (var index = Build(new IndexCase(70, 3, 1, 1, 9)))
        {
            index.Save(File("good"));
        }

        var good = System.IO.File.ReadAllBytes(File("good"));
        var random = new SeededRandom(1);
        // Densely over the header and the used part of the table.
        for (var offset = 0; offset < good.Length; offset += 1 + random.NextInt(offset < 640 ? 16 : 250))
        {
            var bad = (byte[])good.Clone();
            bad[offset] ^= (byte)(1 + random.NextInt(255));
            Refuses(bad);
            Refuses(good[..offset]);
        }

        Refuses([.. good, 0]);
        Refuses(new byte[10_000]);
    }

    [Fact]
    public void A_damaged_file_with_right_checksums_ends_in_an_error_or_an_answer()
    {
        var sample = new IndexCase(70, 3, 1, 10, 9);
        using (var index = Build(sample))
        {
            index.Save(File("good"));
        }

        var good = System.IO.File.ReadAllBytes(File("good"));
        var random = new SeededRandom(2);
        for (var trial = 0; trial < 80; trial++)
        {
            var bad = (byte[])good.Clone();
            for (var flips = 1 + random.NextInt(3); flips > 0; flips--)
            {
                var offset = random.NextInt(trial % 2 == 0 ? 640 : bad.Length);
                BitConverter.TryWriteBytes(bad.AsSpan(Math.Min(offset, bad.Length - 8)), random.NextInt(2) == 0 ? (long)random.NextBits() : long.MaxValue);
            }

            IndexFiles.Reseal(bad);
            System.IO.File.WriteAllBytes(File("bad"), bad);
            try
            {
                using var index = ItemIndex.Open(File("bad"), ArtifactVerification.Structure);
                index.Search(new float[index.Dimension], 10);
                index.Search(Enumerable.Repeat(1f, index.Dimension).ToArray(), 10, null, [0, 5]);
                index.Search(new float[index.Dimension], 10, ItemFilter.Block(index.Count, [0]));
                index.Ids.RowOf("item 7");
                index.Ids.RowOf(7L);
                for (var row = 0; row < Math.Min(index.Count, 100); row++)
                {
                    _ = index.Ids[row];
                }
            }
            catch (ArtifactFormatException)
            {
                // The only error allowed.
            }
        }
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_nothing_else()
    {
        var sample = new IndexCase(20, 3, 1, 1, 9);
        using var index = Build(sample);
        index.Save(File("kept"));
        var before = System.IO.File.ReadAllBytes(File("kept"));
        Directory.CreateDirectory(File("occupied"));
        Assert.ThrowsAny<Exception>(() => index.Save(File("occupied")));
        Assert.Throws<DirectoryNotFoundException>(() => index.Save(Path.Combine(_folder, "absent", "file")));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File("kept")));
        Assert.Equal(["kept", "occupied"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_file_can_be_replaced_under_an_open_index()
    {
        using var old = Build(new IndexCase(20, 3, 1, 1, 9));
        old.Save(File("file"));
        using var opened = ItemIndex.Open(File("file"));
        using var other = Build(new IndexCase(30, 3, 1, 1, 10));
        other.Save(File("file"));
        using var reopened = ItemIndex.Open(File("file"));
        Assert.Equal((20, 30), (opened.Count, reopened.Count));
        Assert.Equal(old.Search([1f, 2f, 3f], 5), opened.Search([1f, 2f, 3f], 5));
        Assert.Equal(other.Search([1f, 2f, 3f], 5), reopened.Search([1f, 2f, 3f], 5));
    }

    [Fact]
    public void A_disposed_index_says_so()
    {
        using var index = Build(new IndexCase(20, 3, 1, 1, 9));
        index.Save(File("file"));
        var opened = ItemIndex.Open(File("file"));
        var ids = opened.Ids;
        opened.Dispose();
        opened.Dispose();
        Assert.Throws<ObjectDisposedException>(() => opened.Search([1f, 2f, 3f], 5));
        Assert.Throws<ObjectDisposedException>(() => opened.SearchBatch([1f, 2f, 3f], 5));
        Assert.Throws<ObjectDisposedException>(() => ids[0]);
    }

    private string File(string name) => Path.Combine(_folder, name);

    private void Refuses(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File("bad"), bytes);
        var error = Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(File("bad")).Dispose());
        Assert.StartsWith(File("bad"), error.Message, StringComparison.Ordinal);
    }
}

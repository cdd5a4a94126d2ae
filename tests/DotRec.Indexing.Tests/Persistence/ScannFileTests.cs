namespace DotRec.Indexing.Tests;

/// <summary>What the laws of all indexes leave open about the file of an approximate one.</summary>
public sealed class ScannFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-scann-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "items.index");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_opened_index_reads_the_mapped_file_itself()
    {
        using var built = Save(new ScannOptions());
        using var index = (ScannIndex)ItemIndex.Open(Path);
        var snapshot = index.Snapshot;
        Assert.IsType<MappedMemory>(snapshot.Memory);
        Assert.All(
            [snapshot.Router.Centroids.Values.Memory, snapshot.Tables.Codewords.Memory, snapshot.Codes.Codes.Memory, snapshot.Codes.Scales.Memory,
                snapshot.Rows.Values.Memory],
            memory => Assert.Same(snapshot.Memory, memory));
    }

    [Theory]
    [InlineData(RescoringFormat.Float32, false)]
    [InlineData(RescoringFormat.Bfloat16, true)]
    [InlineData(RescoringFormat.Int8, false)]
    public void Every_format_of_rows_answers_as_before(RescoringFormat format, bool soar)
    {
        foreach (var function in Enum.GetValues<ScoreFunction>())
        {
            var options = new ScannOptions { RescoringFormat = format, Soar = soar, PartitionsToSearch = 5, RescoringCount = 60 };
            using var index = Save(options, function);
            using var opened = (ScannIndex)ItemIndex.Open(Path, ArtifactVerification.Full);
            Assert.Equal(new ScannSearchOptions(5, 60), opened.SearchOptions);
            var queries = Corpus.Clustered(9, 40, 9);
            Assert.Equal(index.SearchBatch(queries, 10), opened.SearchBatch(queries, 10));
            var (before, after) = (new float[9], new float[9]);
            index.CopyEmbedding(2345, before);
            opened.CopyEmbedding(2345, after);
            Assert.Equal(before, after);
        }
    }

    [Fact]
    public void A_table_of_partitions_that_kernels_would_leave_the_file_by_is_refused()
    {
        using var _ = Save(new ScannOptions { PartitionCount = 20 });
        var good = File.ReadAllBytes(Path);
        var table = Section(good, SectionTag.Partitions);
        foreach (var field in Enumerable.Range(0, 4))
        {
            foreach (var value in new[] { -1, 1, 3, 1 << 20, int.MaxValue, int.MinValue })
            {
                // Of the second partition: first block, first position, entries, items.
                Refused(good, table + 20 + (4 * field), value);
            }
        }

        Refused(good, table + 16, BitConverter.SingleToInt32Bits(float.NaN));
        Refused(good, Section(good, SectionTag.Codewords) + 8, BitConverter.SingleToInt32Bits(float.PositiveInfinity));
        foreach (var value in new[] { 0, -1, 19, 21, 3001, int.MaxValue })
        {
            Refused(good, Section(good, SectionTag.ScannProperties), value);
        }
    }

    [Fact]
    public void A_row_number_that_is_none_is_refused_when_it_is_met()
    {
        using var _ = Save(new ScannOptions { PartitionsToSearch = int.MaxValue, RescoringCount = int.MaxValue });
        var good = File.ReadAllBytes(Path);
        foreach (var tag in new[] { SectionTag.RowsByPosition, SectionTag.PositionsByRow })
        {
            var bad = (byte[])good.Clone();
            for (var row = 0; row < 3000; row++)
            {
                BitConverter.TryWriteBytes(bad.AsSpan(Section(bad, tag) + (4 * row)), row % 2 == 0 ? int.MaxValue : -5);
            }

            File.WriteAllBytes(Path, bad);
            using var index = ItemIndex.Open(Path, ArtifactVerification.Structure);
            var filter = ItemFilter.Allow(3000, [0, 1, 2]);
            var error = Assert.Throws<ArtifactFormatException>(() => index.Search(new float[9], 3, filter));
            Assert.Contains("an item is said to be number", error.Message, StringComparison.Ordinal);
        }
    }

    private ScannIndex Save(ScannOptions options, ScoreFunction function = ScoreFunction.Dot)
    {
        var index = ScannIndex.Build(
            Corpus.Clustered(8, 3000, 9), 9, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        index.Save(Path);
        return index;
    }

    private static int Section(byte[] file, SectionTag tag) => (int)FileSections.Find(file, tag).Offset;

    private void Refused(byte[] good, int offset, int value)
    {
        var bad = (byte[])good.Clone();
        if (BitConverter.ToInt32(bad, offset) == value)
        {
            return;
        }

        BitConverter.TryWriteBytes(bad.AsSpan(offset), value);
        File.WriteAllBytes(Path, bad);
        Assert.Throws<ArtifactFormatException>(() => ItemIndex.Open(Path, ArtifactVerification.Structure).Dispose());
    }
}

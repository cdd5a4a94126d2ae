namespace DotRec.Indexing.Tests;

/// <summary>
/// A file of format 1, written before there were projections: 90 made-up items of 6 dimensions, squared distance, SOAR, two of six partitions searched
/// and nine candidates rescored.
/// </summary>
public sealed class FirstFormatTests : IDisposable
{
    private const string Name = "format-1.index";

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("dotrec-first-").FullName, Name);

    public FirstFormatTests()
    {
        using var resource = typeof(FirstFormatTests).Assembly.GetManifestResourceStream(Name)!;
        using var file = File.Create(_path);
        resource.CopyTo(file);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Answers_as_it_did_when_it_was_written()
    {
        Assert.Equal(1, BitConverter.ToInt32(File.ReadAllBytes(_path), 8));
        using var index = (ScannIndex)ItemIndex.Open(_path, ArtifactVerification.Full);
        Assert.Equal(new ScannSearchOptions(2, 9), index.SearchOptions);
        Assert.True(index.Snapshot.Codes.HasSpilled);
        Assert.Null(index.Snapshot.Form.Projection);
        Assert.Null(index.Snapshot.Refining);
        Candidate[] written = [new(70, -1.25f), new(50, -1.71875f), new(30, -2.375f), new(21, -2.625f), new(1, -2.75f)];
        Assert.Equal(written, index.Search([.5f, -1, 2, .25f, -.75f, 1], 5));
    }

    [Fact]
    public void Is_as_good_a_start_as_any_and_is_saved_in_the_present_format()
    {
        using var index = (ScannIndex)ItemIndex.Open(_path);
        var items = new float[90 * 6];
        for (var row = 0; row < 90; row++)
        {
            index.CopyEmbedding(row, items.AsSpan(row * 6, 6));
        }

        using var next = ScannIndex.Build(
            items, 6, null, ScoreFunction.NegatedSquaredL2, new ScannOptions { PartitionCount = 6 }, index,
            cancellationToken: TestContext.Current.CancellationToken);
        var saved = Path.Combine(Path.GetDirectoryName(_path)!, "next.index");
        next.Save(saved);
        Assert.Equal(2, BitConverter.ToInt32(File.ReadAllBytes(saved), 8));
        using var opened = ItemIndex.Open(saved, ArtifactVerification.Full);
        Assert.Equal(next.Search(items.AsSpan(0, 6), 10), opened.Search(items.AsSpan(0, 6), 10));
    }
}

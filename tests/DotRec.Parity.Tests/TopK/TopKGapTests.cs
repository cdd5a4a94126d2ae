using DotRec.Indexing;

namespace DotRec.Parity.Tests;

/// <summary>What the layer tests of TensorFlow Recommenders leave open, and where its layers differ from each other: one rule here for every index.</summary>
public class TopKGapTests
{
    private static readonly float[] Candidates = [1f, 2f, 3f];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_candidates_asked_for_than_there_are_gives_all(bool streaming)
    {
        using var index = Make(streaming, Candidates, null);
        Assert.Equal([2, 1, 0], index.Search([1f], 10).Select(candidate => candidate.Row));
        Assert.Equal([0], index.Search([1f], 10, null, [1, 2]).Select(candidate => candidate.Row));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ragged_repeated_absent_and_empty_exclusions(bool streaming)
    {
        using var index = Make(streaming, Candidates, ItemIds.From(["a", "b", "c"]));
        int[][] exclusions = [index.Ids.RowsOf(["b", "b", "unknown"]), [], index.Ids.RowsOf(["unknown"]), index.Ids.RowsOf(["c", "a", "b"])];
        var found = index.SearchBatch([1f, 1f, -1f, 1f], 2, null, exclusions);
        Assert.Equal(["c a", "c b", "a b", ""], found.Select(list => string.Join(' ', list.Select(candidate => index.Ids[candidate.Row]))));
        Assert.Equal(["c"], index.Search([1f], 2, (ReadOnlySpan<string>)["b", "a"]).Select(candidate => index.Ids.GetString(candidate.Row)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_excluded_item_stays_out_whatever_the_scores(bool streaming)
    {
        // A penalty of 1e5 on excluded scores, as TFRS uses, fails for both.
        using var index = Make(streaming, [1e7f, 2e7f, -3e7f], null);
        Assert.Equal([0, 2], index.Search([1f], 3, null, [1]).Select(candidate => candidate.Row));
        Assert.Equal([1], index.Search([-1f], 3, null, [0, 2]).Select(candidate => candidate.Row));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_corpus_and_negative_scores(bool streaming)
    {
        using var empty = Make(streaming, [], null);
        Assert.Empty(empty.Search([1f], 5));
        Assert.Equal([0, 0], empty.SearchBatch([1f, 2f], 5).Select(list => list.Length));
        using var index = Make(streaming, Candidates, null);
        Assert.Equal([-1f, -2f, -3f], index.Search([-1f], 3).Select(candidate => candidate.Score));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Misaligned_ids_and_candidates_are_refused(bool streaming)
    {
        var error = Assert.ThrowsAny<Exception>(() => Make(streaming, Candidates, ItemIds.From([1L, 2L])).Search([1f], 1));
        Assert.True(error is ArgumentException or InvalidOperationException, error.ToString());
    }

    private static IItemIndex Make(bool streaming, float[] embeddings, ItemIds? ids) => streaming
        ? StreamingIndex.Over([embeddings.AsMemory()], 1, ids)
        : BruteForceIndex.Build(embeddings, 1, ids);
}

using DotRec.Indexing;

namespace DotRec.Parity.Tests;

/// <summary>The 96 cases of the grid, for each exact index and for an approximate one that goes to every item: indexed and queried twice, saved and opened, each time to the expected ids and scores.</summary>
public sealed class TopKGridTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-topk-").FullName;

    public static TheoryData<int, int, int, int, bool, bool> Grid()
    {
        var grid = new TheoryData<int, int, int, int, bool, bool>();
        foreach (var k in new[] { 5, 10 })
        {
            foreach (var batch in new[] { 3, 16 })
            {
                foreach (var queries in new[] { 3, 15, 16 })
                {
                    foreach (var candidates in new[] { 1024, 128 })
                    {
                        grid.Add(k, batch, queries, candidates, true, true);
                        grid.Add(k, batch, queries, candidates, true, false);
                        grid.Add(k, batch, queries, candidates, false, true);
                        grid.Add(k, batch, queries, candidates, false, false);
                    }
                }
            }
        }

        return grid;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Grid))]
    public void Brute_force(int k, int batch, int queries, int candidates, bool strings, bool exclude)
    {
        _ = batch; // An index in memory has no batches: the layer tests repeat these cases too.
        var sample = new TopKCase(candidates, queries);
        for (var time = 0; time < 2; time++)
        {
            using var index = BruteForceIndex.Build(sample.Candidates, TopKCase.Dimension, strings ? sample.StringIds() : null);
            Check(index, sample, k, strings, exclude);
            CheckSaved(index, sample, k, strings, exclude);
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Streaming(int k, int batch, int queries, int candidates, bool strings, bool exclude)
    {
        var sample = new TopKCase(candidates, queries);
        for (var time = 0; time < 2; time++)
        {
            using var index = StreamingIndex.Over(sample.Batches(batch), TopKCase.Dimension, strings ? sample.StringIds() : null);
            Check(index, sample, k, strings, exclude);
            Check(index, sample, k, strings, exclude);
            CheckSaved(index, sample, k, strings, exclude);
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Scann_gone_through_exhaustively(int k, int batch, int queries, int candidates, bool strings, bool exclude)
    {
        _ = batch;
        var sample = new TopKCase(candidates, queries);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionsToSearch = int.MaxValue, RescoringCount = int.MaxValue };
        for (var time = 0; time < 2; time++)
        {
            using var index = ScannIndex.Build(
                sample.Candidates, TopKCase.Dimension, strings ? sample.StringIds() : null, options: options, cancellationToken: TestContext.Current.CancellationToken);
            Check(index, sample, k, strings, exclude);
            CheckSaved(index, sample, k, strings, exclude);
        }
    }

    private static void Check(IItemIndex index, TopKCase sample, int k, bool strings, bool exclude)
    {
        var exclusions = exclude ? sample.Exclusions.Select(rows => index.Ids.RowsOf(rows, strings)).ToArray() : null;
        var batch = index.SearchBatch(sample.Queries, k, null, exclusions);
        Assert.Equal(sample.QueryCount, batch.Length);
        for (var query = 0; query < sample.QueryCount; query++)
        {
            var expected = sample.Expected(query, k, exclude);
            var single = index.Search(sample.Queries.AsSpan(query * TopKCase.Dimension, TopKCase.Dimension), k, null, exclusions?[query]);
            Assert.Equal(single, batch[query]);
            Assert.Equal(
                expected.Select(pair => strings ? $"{pair.Row}" : (object)(long)pair.Row), batch[query].Select(candidate => index.Ids[candidate.Row].Value));
            Assert.All(expected.Zip(batch[query]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
        }
    }

    private void CheckSaved(IItemIndex index, TopKCase sample, int k, bool strings, bool exclude)
    {
        var path = Path.Combine(_folder, "items.index");
        index.Save(path);
        using var opened = ItemIndex.Open(path);
        Check(opened, sample, k, strings, exclude);
    }
}

file static class Exclusions
{
    /// <summary>Exclusions go by id: as text or as numbers.</summary>
    public static int[] RowsOf(this ItemIds ids, int[] rows, bool strings) => strings
        ? ids.RowsOf(Array.ConvertAll(rows, row => $"{row}"))
        : ids.RowsOf(Array.ConvertAll(rows, row => (long)row));
}

using DotRec.Indexing;

namespace DotRec.Parity.Tests;

/// <summary>Numbers computed with numpy from the same seed, and the cases where exclusions change the answer.</summary>
public class TopKGoldenTests
{
    [Theory]
    [InlineData(
        128,
        new[] { 9, 47, 3, 7, 11, 120, 112, 109, 71, 45 },
        new[] { 2.643385, 2.481613, 2.248744, 2.154494, 2.070818, 1.978026, 1.841749, 1.803877, 1.793915, 1.610539 })]
    [InlineData(
        1024,
        new[] { 71, 1005, 55, 898, 481, 878, 275, 880, 109, 220 },
        new[] { 2.484312, 2.433394, 2.272580, 2.160944, 2.091192, 2.027326, 2.016683, 2.015533, 2.005060, 1.958082 })]
    public void The_first_query_finds_numpys_ten_best(int candidates, int[] rows, double[] scores)
    {
        foreach (var queries in new[] { 3, 15, 16 })
        {
            var found = Search(new TopKCase(candidates, queries), 0, exclude: false);
            Assert.Equal(rows, found.Select(candidate => candidate.Row));
            Assert.All(found.Zip(scores), pair => Assert.Equal(pair.Second, pair.First.Score, 1e-5));
        }
    }

    [Theory]
    [InlineData(
        128, 15, 10, new[] { 37, 12, 30, 46, 99 },
        new[] { 55, 93, 63, 105, 5, 104, 94, 115, 30, 71 }, new[] { 55, 93, 63, 105, 5, 104, 94, 115, 71, 39 })]
    [InlineData(
        128, 16, 3, new[] { 110, 28, 32, 115, 93 },
        new[] { 3, 65, 9, 95, 120, 107, 47, 121, 109, 32 }, new[] { 3, 65, 9, 95, 120, 107, 47, 121, 109, 11 })]
    [InlineData(
        1024, 16, 2, new[] { 413, 44, 401, 205, 61 },
        new[] { 723, 403, 188, 44, 372, 508, 863, 1011, 211, 304 }, new[] { 723, 403, 188, 372, 508, 863, 1011, 211, 304, 80 })]
    public void An_excluded_item_makes_room_for_the_next_best(int candidates, int queries, int query, int[] exclusions, int[] before, int[] after)
    {
        var sample = new TopKCase(candidates, queries);
        Assert.Equal(exclusions, sample.Exclusions[query]);
        Assert.Equal(before, Search(sample, query, exclude: false).Select(candidate => candidate.Row));
        Assert.Equal(after, Search(sample, query, exclude: true).Select(candidate => candidate.Row));
    }

    private static Candidate[] Search(TopKCase sample, int query, bool exclude)
    {
        using var index = BruteForceIndex.Build(sample.Candidates, TopKCase.Dimension);
        var vector = sample.Queries.AsSpan(query * TopKCase.Dimension, TopKCase.Dimension);
        return index.Search(vector, 10, null, exclude ? sample.Exclusions[query] : []);
    }
}

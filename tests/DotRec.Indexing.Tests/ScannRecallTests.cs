namespace DotRec.Indexing.Tests;

/// <summary>
/// Recall of ten on 20,000 clustered items with spread lengths, as suggested for that size: never below the floor, and not farther below what
/// was measured when the test was written than the drop allows.
/// </summary>
public sealed class ScannRecallTests
{
    private const double Floor = 0.9;
    private const double AllowedDrop = 0.02;

    [Theory]
    [InlineData(ScoreFunction.Dot, false, 0.953)]
    [InlineData(ScoreFunction.Cosine, false, 0.998)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false, 0.918)]
    [InlineData(ScoreFunction.Dot, true, 0.976)]
    public void Recall_stays(ScoreFunction function, bool soar, double measured)
    {
        var (items, queries) = (Corpus.Clustered(21, 20_000, 24, clusters: 200), Corpus.Clustered(21, 20_300, 24, clusters: 200)[(20_000 * 24)..]);
        var options = ScannOptions.Suggested(20_000, 24) with { Soar = soar };
        using var index = ScannIndex.Build(items, 24, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(items, 24, null, function);
        var recall = index.SearchBatch(queries, 10).Zip(exact.SearchBatch(queries, 10), (found, best) => found.Intersect(best).Count() / 10.0).Average();
        Assert.InRange(recall, Math.Max(Floor, measured - AllowedDrop), 1);
    }
}

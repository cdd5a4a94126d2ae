namespace DotRec.Indexing.Tests;

public sealed class ScannCalibrationTests : IDisposable
{
    private const int Dimension = 16;

    private readonly string _path = Path.GetTempFileName();
    private readonly float[] _items = Corpus.Clustered(31, 12_000, Dimension, clusters: 100);
    private readonly float[] _queries = Corpus.Clustered(31, 12_800, Dimension, clusters: 100)[(12_000 * Dimension)..];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(ScoreFunction.Dot)]
    [InlineData(ScoreFunction.Cosine)]
    [InlineData(ScoreFunction.NegatedSquaredL2)]
    public void Queries_not_calibrated_on_reach_the_target_too(ScoreFunction function)
    {
        using var index = Build(function);
        using var exact = BruteForceIndex.Build(_items, Dimension, null, function);
        var (half, others) = (_queries.AsSpan(0, _queries.Length / 2).ToArray(), _queries[(_queries.Length / 2)..]);
        foreach (var target in new[] { 0.8, 0.95, 0.99 })
        {
            var calibration = index.Calibrate(half, target, 10, TestContext.Current.CancellationToken);
            Assert.InRange(calibration.Chosen.Recall, target, 1);
            Assert.Equal(calibration.Chosen.Options, index.SearchOptions);
            // 400 queries: three standard errors of a recall.
            var tolerance = 3 * Math.Sqrt(target * (1 - target) / 400);
            Assert.InRange(Recall(index, exact, others), target - tolerance, 1);
        }
    }

    [Fact]
    public void A_higher_target_costs_more_and_the_cheapest_setting_is_chosen()
    {
        using var index = Build(ScoreFunction.Dot);
        var low = index.Calibrate(_queries, 0.7, 10, TestContext.Current.CancellationToken);
        var high = index.Calibrate(_queries, 0.99, 10, TestContext.Current.CancellationToken);
        Assert.True(low.Chosen.PartitionsToSearch < high.Chosen.PartitionsToSearch);
        Assert.All(
            high.Curve.Where(point => point.Recall >= 0.99),
            point => Assert.True(point.PartitionsToSearch >= high.Chosen.PartitionsToSearch || point.RescoringCount > high.Chosen.RescoringCount));
        Assert.Equal(high.Curve.OrderBy(point => point.PartitionsToSearch).ThenBy(point => point.RescoringCount), high.Curve);
        Assert.Contains(high.Chosen, high.Curve);
    }

    [Fact]
    public void The_same_queries_give_the_same_setting_and_a_file_keeps_it()
    {
        using var index = Build(ScoreFunction.Dot);
        var chosen = index.Calibrate(_queries, 0.9, 10, TestContext.Current.CancellationToken).Chosen.Options;
        index.Save(_path);
        using var opened = (ScannIndex)ItemIndex.Open(_path);
        Assert.Equal(chosen, opened.SearchOptions);
        Assert.Equal(index.SearchBatch(_queries, 10), opened.SearchBatch(_queries, 10));
        Assert.Equal(chosen, opened.Calibrate(_queries, 0.9, 10, TestContext.Current.CancellationToken).Chosen.Options);
    }

    [Fact]
    public void A_recall_of_one_is_reached_whatever_it_takes()
    {
        using var index = Build(ScoreFunction.Dot);
        Assert.Equal(1, index.Calibrate(_queries.AsSpan(0, 100 * Dimension), 1, 10, TestContext.Current.CancellationToken).Chosen.Recall);
    }

    [Fact]
    public void Fewer_items_than_candidates_asked_for()
    {
        using var index = ScannIndex.Build(_items.AsSpan(0, 7 * Dimension), Dimension, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, index.Calibrate(_queries, 0.9, 10, TestContext.Current.CancellationToken).Chosen.Recall);
    }

    [Fact]
    public void What_cannot_be_calibrated_is_refused()
    {
        using var index = ScannIndex.Build(_items.AsSpan(0, 70), 7, cancellationToken: TestContext.Current.CancellationToken);
        var token = TestContext.Current.CancellationToken;
        Assert.StartsWith(
            "targetRecall is 1.5; expected a share above 0, up to 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => index.Calibrate(new float[7], 1.5, 10, token)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The queries hold 0 values", Assert.Throws<ArgumentException>(() => index.Calibrate([], 0.9, 10, token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => index.Calibrate([1f, float.NaN, 0f, 0f, 0f, 0f, 0f], 0.9, 10, token));
        using var empty = ScannIndex.Build([], 7, cancellationToken: token);
        Assert.StartsWith(
            "The index holds no items", Assert.Throws<InvalidOperationException>(() => empty.Calibrate(new float[7], 0.9, 10, token)).Message,
            StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => index.Calibrate(new float[7], 0.9, 10, new CancellationToken(canceled: true)));
    }

    private ScannIndex Build(ScoreFunction function) =>
        ScannIndex.Build(_items, Dimension, null, function, cancellationToken: TestContext.Current.CancellationToken);

    private static double Recall(ScannIndex index, BruteForceIndex exact, float[] queries) =>
        index.SearchBatch(queries, 10).Zip(exact.SearchBatch(queries, 10), (found, best) => found.Intersect(best).Count() / 10.0).Average();
}

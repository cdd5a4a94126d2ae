using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>What holds for every network of histories.</summary>
public sealed class HistoryNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. SequenceCase.Networks.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void What_comes_next_is_learned(string name)
    {
        var split = new LeaveLastOut(SequenceCase.Circle());
        var model = SequenceCase.Networks[name]();
        var result = model.Fit(split.TrainAndValidation, SequenceCase.Fast with { Epochs = 25 }, Token);
        Assert.Empty(result.Warnings);

        // A plain mean does not know which item was the last; on a circle, it is still near the middle of the history.
        var hits = model.Evaluate(split.Test, [1, 10], Token).ExcludingSeen.HitRate;
        Assert.InRange(name == "pooled, mean" ? hits[10] : hits[1], 0.9, 1);
    }

    [Theory]
    [InlineData(NextItemLossKind.Softmax, 8, 0, false)]
    [InlineData(NextItemLossKind.Softmax, 20, 1, true)]
    [InlineData(NextItemLossKind.GeneralizedBinaryCrossEntropy, 0, 0, false)]
    [InlineData(NextItemLossKind.GeneralizedBinaryCrossEntropy, 8, 0, false)]
    public void It_is_learned_by_every_loss(NextItemLossKind loss, int negatives, double popularity, bool correction)
    {
        var split = new LeaveLastOut(SequenceCase.Circle());
        var model = new SasRec(SequenceCase.Small with { Loss = loss, Negatives = negatives, NegativePopularity = popularity, LogQCorrection = correction });
        model.Fit(split.TrainAndValidation, SequenceCase.Fast with { Epochs = loss == NextItemLossKind.Softmax ? 20 : 120 }, Token);
        Assert.InRange(model.Evaluate(split.Test, [1], Token).ExcludingSeen.HitRate[1], 0.9, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_number_of_threads_changes_no_bit(string name)
    {
        float[]? first = null;
        foreach (var threads in new[] { 1, 3 })
        {
            var before = Parallelism.MaxDegreeOfParallelism;
            Parallelism.MaxDegreeOfParallelism = threads;
            try
            {
                var model = SequenceCase.Networks[name]();
                model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Epochs = 2 }, Token);
                first ??= model.ItemEmbeddings.ToArray();
                Assert.Equal(first, model.ItemEmbeddings.ToArray());
            }
            finally
            {
                Parallelism.MaxDegreeOfParallelism = before;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_network_comes_back_bit_for_bit_and_a_history_is_embedded_alone_as_among_others(string name)
    {
        var model = SequenceCase.Networks[name]();
        model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Epochs = 1 }, Token);
        var path = _folder["model"];
        model.Save(path);
        var loaded = HistoryNetwork.Load(path);
        var histories = SequenceCase.Circle(20);
        var embeddings = model.EmbedHistories(histories, Token);
        Assert.IsType(model.GetType(), loaded);
        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(model.ItemFeatures?.Names, loaded.ItemFeatures?.Names);
        Assert.Equal(embeddings, loaded.EmbedHistories(histories, Token));
        Assert.Equal(model.ItemEmbeddings.ToArray(), loaded.ItemEmbeddings.ToArray());
        var alone = model.EmbedHistories(Histories.Of(SequenceCase.Items, [histories.Of(7).ToArray()]), Token);
        Assert.Equal(embeddings.AsSpan(7 * 16, 16).ToArray(), alone, (x, y) => MathF.Abs(x - y) < 1e-5f);
    }

    [Fact]
    public void A_file_of_another_kind_is_named()
    {
        var model = new Gru4Rec(new Gru4RecOptions { Dimension = 4 });
        model.Fit(Histories.Of(3, [[0, 1, 2]]), new HistoryFitOptions { Epochs = 1 }, Token);
        model.Save(_folder["model"]);
        Assert.Contains("The file holds a Gru4Rec, not a SasRec.", Assert.Throws<ArtifactFormatException>(() => SasRec.Load(_folder["model"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_item_that_nobody_chose_is_where_its_features_are()
    {
        // Items 40 to 49 are of the colour of items 0 to 9 and were never chosen.
        var items = new FeatureBatch(new Column<long>("decade", [.. Enumerable.Range(0, 50).Select(item => (long)(item / 10 % 4))]));
        var random = new SeededRandom(3);
        var histories = Histories.Of(50, [.. Enumerable.Range(0, 300).Select(_ =>
        {
            var decade = random.NextInt(4);
            return (IReadOnlyList<int>)Enumerable.Range(0, 8).Select(_ => (10 * decade) + random.NextInt(10)).ToArray();
        })]);
        var model = new PooledHistory(new PooledHistoryOptions { Dimension = 8, InitialDeviation = 0.001 }) { ItemFeatures = ItemFeatures.Of(items, "decade") };
        model.Fit(histories, SequenceCase.Fast with { Epochs = 6 }, Token);
        float[] known = model.Score([3, 8, 1]), others = model.Score([23, 28, 21]);
        var (mean, other) = (known[40..].Average(), others[40..].Average());
        Assert.True(mean > known[10..40].Average() && mean > other, $"{mean} for its own, {known[10..40].Average()} for others, {other} after others");
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        static string Message(Func<object> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;
        Assert.StartsWith("Calibration must be at least 0 and at most 1.", Message(() => new Gru4RecOptions { Calibration = 1.5 }), StringComparison.Ordinal);
        Assert.StartsWith("Layers must be at least 1.", Message(() => new Gru4RecOptions { Layers = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("Dropout must be at least 0 and less than 1.", Message(() => new PooledHistoryOptions { Dropout = 1 }), StringComparison.Ordinal);
        Assert.StartsWith("Decay is a factor a step", Message(() => new PooledHistoryOptions { Decay = 0 }), StringComparison.Ordinal);
        Assert.StartsWith("It is none of the ways to pool.", Message(() => new PooledHistoryOptions { Pooling = (HistoryPooling)9 }), StringComparison.Ordinal);
        Assert.StartsWith("It is none of the losses.", Message(() => new SasRecOptions { Loss = (NextItemLossKind)9 }), StringComparison.Ordinal);
        Assert.StartsWith("AttentionDropout must be", Message(() => new SasRecOptions { AttentionDropout = double.NaN }), StringComparison.Ordinal);
        Assert.StartsWith("WeightAverage is at least 0 and less than 1.", Message(() => new HistoryFitOptions { WeightAverage = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_do_not_fit_are_refused()
    {
        var items = new FeatureBatch(new Column<long>("a", [1, 2]), new Column<float>("b", [1, 2]));
        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
        Assert.StartsWith("No column was given.", Message(() => ItemFeatures.Of(items)), StringComparison.Ordinal);
        Assert.StartsWith("Column 'a' was given twice.", Message(() => ItemFeatures.Of(items, "a", "a")), StringComparison.Ordinal);
        Assert.Contains("holds fractions", Message(() => ItemFeatures.Of(items, "b")), StringComparison.Ordinal);
        var model = new SasRec { ItemFeatures = ItemFeatures.Of(items, "a") };
        Assert.StartsWith(
            "The item features are of 2 items, the histories of a catalogue of 3.", Message(() => model.Fit(Histories.Of(3, [[0, 1]]), cancellationToken: Token)), StringComparison.Ordinal);
    }
}

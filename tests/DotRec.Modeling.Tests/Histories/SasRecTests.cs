using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public sealed class SasRecTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 1, false, 0, 0)]
    [InlineData(15, 1, false, 0, 0.9)]
    [InlineData(null, 2, false, 0.2, 0)]
    [InlineData(null, 1, true, 0, 0.9)]
    public void What_comes_next_is_learned(int? negatives, int heads, bool postNorm, double attentionDropout, double average)
    {
        var split = new LeaveLastOut(SequenceCase.Circle());
        var model = new SasRec(SequenceCase.Small with { Negatives = negatives, Heads = heads, PostNorm = postNorm, AttentionDropout = attentionDropout });
        var result = model.Fit(split.TrainAndValidation, SequenceCase.Fast with { WeightAverage = average }, Token);
        Assert.Equal(12, result.Epochs.Count);
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss / 2, $"{result.Epochs[0].Loss} to {result.Epochs[^1].Loss}");
        Assert.Empty(result.Warnings);
        Assert.InRange(model.Evaluate(split.Test, [1], Token).All.HitRate[1], 0.97, 1);

        // One history at a time gives what all together gave.
        var scores = model.Score([3, 4, 5]);
        Assert.Equal(6, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public void The_seed_decides_the_weights_and_the_thread_count_does_not()
    {
        float[]? first = null;
        foreach (var threads in new[] { 1, 3 })
        {
            var before = Parallelism.MaxDegreeOfParallelism;
            Parallelism.MaxDegreeOfParallelism = threads;
            try
            {
                var model = Fitted(seed: 3);
                first ??= model.ItemEmbeddings.ToArray();
                Assert.Equal(first, model.ItemEmbeddings.ToArray());
            }
            finally
            {
                Parallelism.MaxDegreeOfParallelism = before;
            }
        }

        Assert.NotEqual(first, Fitted(seed: 4).ItemEmbeddings.ToArray());

        static SasRec Fitted(ulong seed)
        {
            var model = new SasRec(SequenceCase.Small with { Negatives = 8 });
            model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Epochs = 2, Seed = seed }, Token);
            return model;
        }
    }

    [Fact]
    public void A_history_is_embedded_alone_as_among_others_and_only_its_end_counts()
    {
        var model = Model();
        int[] end = [.. Enumerable.Range(3, 12)];
        IReadOnlyList<int>[] lists = [[1, 2], [], [39, 7, 7, .. end], [5], end];
        var all = model.EmbedHistories(Histories.Of(SequenceCase.Items, lists), Token);
        for (var query = 0; query < lists.Length; query++)
        {
            var alone = model.EmbedHistories(Histories.Of(SequenceCase.Items, [lists[query]]), Token);
            Assert.Equal(alone, all.AsSpan(query * 16, 16).ToArray(), (x, y) => MathF.Abs(x - y) < 1e-5f);
        }

        Assert.All(all[16..32], value => Assert.Equal(0, value));
        Assert.Equal(all[32..48], all[64..80], (x, y) => MathF.Abs(x - y) < 1e-5f);
        Assert.NotEqual(all[..16], all[48..64]);
    }

    [Fact]
    public void Ranks_leave_seen_items_out_and_equal_scores_go_by_row()
    {
        // Histories without items score every item 0: the rank is the row.
        var model = Model();
        var report = model.Evaluate(new NextItems(Histories.Of(SequenceCase.Items, [[], []]), [0, -1, 1], [0, 6, -1]), [1, 7], Token);
        Assert.Equal([1, 7, 0], report.Ranks.ToArray());
        Assert.Equal(1 / 3.0, report.All.HitRate[1], 1e-9);

        // The best item of a history of two is third at worst once both are out of the way.
        var seen = model.Evaluate(new NextItems(Histories.Of(SequenceCase.Items, [[1, 2], [8, 9]]), [0, 1], [3, 10]), [10], Token);
        Assert.All(seen.Ranks.ToArray().Zip(seen.RanksExcludingSeen.ToArray()), pair => Assert.InRange(pair.Second, Math.Max(1, pair.First - 2), pair.First));
    }

    [Fact]
    public void A_saved_model_comes_back_bit_for_bit()
    {
        var model = Model();
        var path = _folder["model"];
        model.Save(path);
        var loaded = SasRec.Load(path);
        var histories = SequenceCase.Circle(20);
        Assert.Equal(model.Options, loaded.Options);
        Assert.Equal(model.EmbedHistories(histories, Token), loaded.EmbedHistories(histories, Token));
        Assert.Equal(model.ItemEmbeddings.ToArray(), loaded.ItemEmbeddings.ToArray());

        var bytes = File.ReadAllBytes(path);
        bytes[^40] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Throws<ArtifactFormatException>(() => SasRec.Load(path));
    }

    [Fact]
    public void Validation_stops_the_fit_and_the_best_weights_stay()
    {
        var split = new LeaveLastOut(SequenceCase.Circle());
        var model = new SasRec(SequenceCase.Small);
        var stopping = new EarlyStopping("ndcg@10") { Patience = 2 };
        var result = model.Fit(split.Train, SequenceCase.Fast with { Epochs = 60, Validation = split.Validation, ValidationExamples = 100, EarlyStopping = stopping }, Token);
        Assert.True(result.StoppedEarly);
        Assert.Equal(result.Epochs.Count - 3, result.BestEpoch);
        var best = result.Epochs[result.BestEpoch - 1].ValidationMetrics!["ndcg@10"];
        Assert.Equal(best, result.Epochs.Max(epoch => epoch.ValidationMetrics!["ndcg@10"]));

        // Of the whole held-out part, so near what the sample said.
        Assert.Equal(best, model.Evaluate(split.Validation, [10], Token).ExcludingSeen.Ndcg[10], 0.1);
    }

    [Fact]
    public void With_a_weight_average_the_average_is_measured_and_kept_and_the_training_is_the_same()
    {
        var split = new LeaveLastOut(SequenceCase.Circle());
        FitResult Fit(SasRec model, double average) => model.Fit(
            split.Train, SequenceCase.Fast with { Epochs = 3, WeightAverage = average, Validation = split.Validation, EarlyStopping = null }, Token);
        SasRec plain = new(SequenceCase.Small), averaged = new(SequenceCase.Small);
        var (first, second) = (Fit(plain, 0), Fit(averaged, 0.9));
        Assert.Equal(first.Epochs.Select(epoch => epoch.Loss), second.Epochs.Select(epoch => epoch.Loss));
        Assert.NotEqual(plain.ItemEmbeddings.ToArray(), averaged.ItemEmbeddings.ToArray());
        Assert.Equal(second.Epochs[^1].ValidationMetrics!["ndcg@10"], averaged.Evaluate(split.Validation, [10], Token).ExcludingSeen.Ndcg[10], 1e-12);
    }

    [Fact]
    public void A_fit_is_stopped_after_an_epoch_or_cancelled_before_one()
    {
        using var stop = new CancellationTokenSource();
        var model = new SasRec(SequenceCase.Small);
        var result = model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { StopToken = stop.Token, Progress = new After(2, stop) }, Token);
        Assert.True(result.WasStopped);
        Assert.Equal(2, result.Epochs.Count);
        Assert.Throws<OperationCanceledException>(() => model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { StopToken = stop.Token }, Token));
        Assert.Throws<OperationCanceledException>(() => model.Fit(SequenceCase.Circle(), SequenceCase.Fast, stop.Token));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.StartsWith(
            "The dimension is 6; 4 heads share it evenly", Assert.Throws<ArgumentException>(() => new SasRec(new SasRecOptions { Dimension = 6, Heads = 4 })).Message, StringComparison.Ordinal);
        var model = new SasRec();
        Assert.StartsWith("The model was not fit.", Assert.Throws<InvalidOperationException>(() => model.ItemEmbeddings.Length).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "No history has two items", Assert.Throws<ArgumentException>(() => model.Fit(Histories.Of(9, [[1], [], [2]]), cancellationToken: Token)).Message, StringComparison.Ordinal);
        var others = new NextItems(Histories.Of(9, [[1]]), [0], [1]);
        Assert.StartsWith(
            "The validation examples are of a catalogue of 9 items, the histories of 40.",
            Assert.Throws<ArgumentException>(() => model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Validation = others }, Token)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The histories are over a catalogue of 9 items, the model is over 40.",
            Assert.Throws<ArgumentException>(() => Model().EmbedHistories(others.Histories, Token)).Message,
            StringComparison.Ordinal);
    }

    private static SasRec Model()
    {
        var model = new SasRec(SequenceCase.Small with { Blocks = 2 });
        model.Fit(SequenceCase.Circle(), SequenceCase.Fast with { Epochs = 1 }, Token);
        return model;
    }

    private sealed class After(int epochs, CancellationTokenSource stop) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.CompletedEpoch?.Epoch == epochs)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void Settings_suit_the_length_of_histories_and_their_number()
    {
        var shortOnes = Histories.Of(50, [.. Enumerable.Range(0, 400).Select(i => new[] { i % 50, (i + 1) % 50, (i + 2) % 50 })]);
        var shape = SasRecOptions.For(shortOnes);
        Assert.Equal((50, 1, 0.5), (shape.Length, shape.Blocks, shape.Dropout));
        var fit = HistoryFitOptions.For(shortOnes, shape);
        Assert.Equal((256, 100), (fit.BatchPositions, fit.Epochs));

        var longOnes = Histories.Of(50, [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, 60).Select(j => (i + j) % 50).ToArray())]);
        Assert.Equal(new SasRecOptions(), SasRecOptions.For(longOnes));
        Assert.Null(HistoryFitOptions.For(longOnes, new SasRecOptions()).Optimizer);

        var few = Histories.Of(50, [[1, 2, 3]]);
        Assert.Contains("2 pairs of an item and the next one", Assert.Throws<ArgumentException>(() => HistoryFitOptions.For(few, shape)).Message, StringComparison.Ordinal);
    }
}

using DotRec.Indexing;

namespace DotRec.Modeling.Tests;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Optimizers => ["adagrad", "adam", "momentum", "rmsprop", "clippy", "composite"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_run_abandoned_at_any_step_resumes_to_the_same_bits(string optimizer)
    {
        var expected = ResumableRun.Weights(ResumableRun.Train(optimizer, checkpoint: null), out var expectedFit);
        var path = _folder["run.checkpoint"];

        // 18 steps in all: abandoned twice, in the middle of an epoch and right after one.
        Assert.Throws<Abandoned>(() => ResumableRun.Train(optimizer, new CheckpointOptions(path) { EverySteps = 3 }, abandonAtStep: 8));
        Assert.Throws<Abandoned>(() => ResumableRun.Train(optimizer, new CheckpointOptions(path) { EverySteps = 3 }, abandonAtStep: 5));
        var actual = ResumableRun.Weights(ResumableRun.Train(optimizer, new CheckpointOptions(path) { EverySteps = 3 }), out var actualFit);

        Assert.Equal(expected, actual);
        Assert.Equal(expectedFit.Epochs.Select(epoch => (epoch.Epoch, epoch.Loss)), actualFit.Epochs.Select(epoch => (epoch.Epoch, epoch.Loss)));
        Assert.Equal(expectedFit.Epochs.Select(epoch => epoch.ValidationMetrics!["hitRate@10"]), actualFit.Epochs.Select(epoch => epoch.ValidationMetrics!["hitRate@10"]));
        Assert.Equal(expectedFit.BestEpoch, actualFit.BestEpoch);
        Assert.True(actualFit.Steps < expectedFit.Steps);
        Assert.Equal(["run.checkpoint"], _folder.Files);
    }

    [Fact]
    public async Task A_run_killed_at_any_moment_resumes_to_the_same_bits()
    {
        var expected = ResumableRun.Weights(ResumableRun.Train("adagrad", checkpoint: null), out _);
        var random = new Kernels.SeededRandom(2);
        for (var kill = 0; kill < 3; kill++)
        {
            var path = _folder[$"{kill}.checkpoint"];
            using var run = await KilledRun.StartAsync(path, TestContext.Current.CancellationToken);
            await Task.Delay(random.NextInt(25), TestContext.Current.CancellationToken);
            run.Kill();
            await run.WaitForExitAsync(TestContext.Current.CancellationToken);

            var resumed = ResumableRun.Train("adagrad", new CheckpointOptions(path) { EverySteps = 1 });
            Assert.Equal(expected, ResumableRun.Weights(resumed, out var fit));
            Assert.True(fit.Steps < 18, "The run did not begin at its checkpoint.");
        }
    }

    [Fact]
    public void A_cancelled_run_saves_where_it_stands()
    {
        var path = _folder["run.checkpoint"];
        var expected = ResumableRun.Weights(ResumableRun.Train("adagrad", checkpoint: null), out _);

        Assert.Throws<OperationCanceledException>(() => ResumableRun.Train("adagrad", new CheckpointOptions(path), cancelAtStep: 4));
        var resumed = ResumableRun.Weights(ResumableRun.Train("adagrad", new CheckpointOptions(path)), out var fit);

        Assert.Equal(18 - 4, fit.Steps);
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        var checkpoint = new CheckpointOptions(_folder["run.checkpoint"]);
        var first = ResumableRun.Weights(ResumableRun.Train("adam", checkpoint), out _);

        var second = ResumableRun.Weights(ResumableRun.Train("adam", checkpoint), out var fit);

        Assert.Equal(0, fit.Steps);
        Assert.Equal(first, second);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused_with_the_difference()
    {
        var checkpoint = new CheckpointOptions(_folder["run.checkpoint"]);
        ResumableRun.Train("adam", checkpoint);

        var message = Assert.Throws<InvalidOperationException>(() => ResumableRun.Train("adagrad", checkpoint)).Message;
        Assert.Contains("its optimizer is Adam(rate", message, StringComparison.Ordinal);
        Assert.Contains("this fit's is Adagrad(rate", message, StringComparison.Ordinal);
        Assert.Contains("temperature 0.5", Assert.Throws<InvalidOperationException>(() => ResumableRun.Train("adam", checkpoint, temperature: 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("batch size", Assert.Throws<InvalidOperationException>(() => ResumableRun.Train("adam", checkpoint, batchSize: 999)).Message, StringComparison.Ordinal);

        // Asked for, it is overwritten.
        ResumableRun.Train("adagrad", checkpoint with { Resume = false });
        ResumableRun.Weights(ResumableRun.Train("adagrad", checkpoint), out var fit);
        Assert.Equal(0, fit.Steps);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_left_alone()
    {
        var path = _folder["run.checkpoint"];
        ResumableRun.Train("adagrad", new CheckpointOptions(path));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Throws<ArtifactFormatException>(() => ResumableRun.Train("adagrad", new CheckpointOptions(path)));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }
}

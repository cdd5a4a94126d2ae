using DotRec.Kernels;

namespace DotRec.Serving.Tests;

public sealed class KilledSaveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_save_killed_at_any_moment_leaves_a_whole_bundle()
    {
        var target = _folder["bundle"];
        var random = new SeededRandom(3);
        var answers = Array.ConvertAll(EndlessSaver.Corpora, corpus =>
        {
            using var recommender = corpus.Recommender();
            return Answer(recommender);
        });
        for (var kill = 0; kill < 8; kill++)
        {
            using var saver = await EndlessSaver.StartAsync(target, TestContext.Current.CancellationToken);

            // A save takes some milliseconds; several periods of random length reach every step of it.
            await Task.Delay(random.NextInt(60), TestContext.Current.CancellationToken);
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);

            using var recommender = Recommender.Load(target);
            var found = Answer(recommender);
            Assert.Contains(answers, answer => answer.SequenceEqual(found));
        }

        using var last = EndlessSaver.Corpora[0].Recommender();
        last.Save(target);
        Assert.Equal(
            [".bundle.lock", "bundle", "bundle.ready"],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_bundle_loads_whole_while_another_process_replaces_it()
    {
        var target = _folder["bundle"];
        using var saver = await EndlessSaver.StartAsync(target, TestContext.Current.CancellationToken);
        try
        {
            for (var i = 0; i < 30; i++)
            {
                using var recommender = Recommender.Load(target, i % 2 == 0 ? BundleVerification.Hashes : BundleVerification.Lengths);
                Assert.Equal(10, Answer(recommender).Length);
            }
        }
        finally
        {
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static (object, float)[] Answer(Recommender recommender) =>
        [.. recommender.Recommend(new { user_id = "1" }).Select(item => (item.ItemId, item.Score))];
}

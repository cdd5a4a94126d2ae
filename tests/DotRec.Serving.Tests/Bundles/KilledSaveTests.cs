using System.Diagnostics;
using DotRec.Kernels;

namespace DotRec.Serving.Tests;

/// <summary>A process that saves without pause is killed with SIGKILL at random moments: what it leaves must load and be whole.</summary>
public sealed class KilledSaveTests : IDisposable
{
    private const string TargetVariable = "DOTREC_TEST_SAVE_TARGET";
    private const string Ready = "saving";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Saves_two_bundles_in_turn_until_killed()
    {
        var target = Environment.GetEnvironmentVariable(TargetVariable);
        Assert.NotNull(target);
        using var first = Corpus(1).Recommender();
        using var second = Corpus(2).Recommender();
        first.Save(target);
        File.WriteAllText(target + Ready, "");
        while (true)
        {
            second.Save(target);
            first.Save(target);
        }
    }

    [Fact]
    public async Task A_save_killed_at_any_moment_leaves_a_whole_bundle()
    {
        var random = new SeededRandom(3);
        var answers = new[] { 1ul, 2ul }.Select(seed =>
        {
            using var recommender = Corpus(seed).Recommender();
            return recommender.Recommend(new { user_id = "1" }).Select(item => (item.ItemId, item.Score)).ToArray();
        }).ToArray();
        for (var kill = 0; kill < 5; kill++)
        {
            var target = _folder["bundle"];
            using var saver = await StartSaver(target);

            // A save takes some milliseconds; several periods of random length reach every step of it.
            await Task.Delay(random.NextInt(60), TestContext.Current.CancellationToken);
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);

            using var recommender = Recommender.Load(target);
            var found = recommender.Recommend(new { user_id = "1" }).Select(item => (item.ItemId, item.Score)).ToArray();
            Assert.Contains(answers, answer => answer.SequenceEqual(found));
        }

        using var last = Corpus(1).Recommender();
        last.Save(_folder["bundle"]);
        Assert.Equal([".bundle.lock", "bundle"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName).Where(name => name != "bundle" + Ready).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_bundle_loads_whole_while_another_process_replaces_it()
    {
        var target = _folder["bundle"];
        using var saver = await StartSaver(target);
        try
        {
            for (var i = 0; i < 30; i++)
            {
                using var recommender = Recommender.Load(target, i % 2 == 0 ? BundleVerification.Hashes : BundleVerification.Lengths);
                Assert.Equal(10, recommender.Recommend(new { user_id = "1" }).Count);
            }
        }
        finally
        {
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Process> StartSaver(string target)
    {
        File.Delete(target + Ready);
        var saver = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(KilledSaveTests).FullName}.{nameof(Saves_two_bundles_in_turn_until_killed)}" },
            Environment = { [TargetVariable] = target },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        while (!File.Exists(target + Ready))
        {
            Assert.False(saver.HasExited, "The saving process ended by itself.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return saver;
    }

    private static TestCorpus Corpus(ulong seed) => new(items: 2000, dimension: 32, seed: seed);
}

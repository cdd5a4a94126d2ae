using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>Another process saves two indexes to one file, in turn.</summary>
public sealed class KilledIndexSaveTests : IDisposable
{
    private const string TargetVariable = "DOTREC_TEST_INDEX_TARGET";
    private const int Dimension = 16;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ModuleInitializer]
    internal static void SaveUntilKilled() => UntilKilled.Work(TargetVariable, target =>
    {
        var indexes = new[] { Build(1), Build(2) };
        return i => indexes[i % 2].Save(target);
    });

    [Fact]
    public async Task A_save_killed_at_any_moment_leaves_a_whole_index_and_its_rest_is_removed_by_a_later_one()
    {
        var target = _folder["items.index"];
        var answers = new[] { 1UL, 2UL }.Select(seed =>
        {
            using var index = Build(seed);
            return Answer(index);
        }).ToArray();
        var random = new SeededRandom(5);
        for (var kill = 0; kill < 6; kill++)
        {
            using var saver = await UntilKilled.StartAsync(TargetVariable, target, TestContext.Current.CancellationToken);
            await Task.Delay(random.NextInt(40), TestContext.Current.CancellationToken);
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);
            using var index = ItemIndex.Open(target, ArtifactVerification.Full);
            Assert.Contains(answers, answer => answer.SequenceEqual(Answer(index)));
        }

        foreach (var left in Directory.EnumerateFiles(_folder.Path, ".*"))
        {
            File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5));
        }

        using var last = Build(3);
        last.Save(target);
        Assert.Equal(["items.index", "items.index.ready"], _folder.Entries);
    }

    [Fact]
    public async Task An_open_index_keeps_its_answers_while_another_process_replaces_its_file()
    {
        var target = _folder["items.index"];
        using (var first = Build(3))
        {
            first.Save(target);
        }

        using var index = ItemIndex.Open(target);
        var expected = Answer(index);
        using var saver = await UntilKilled.StartAsync(TargetVariable, target, TestContext.Current.CancellationToken);
        try
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(expected, Answer(index));
                using var now = ItemIndex.Open(target, ArtifactVerification.Full);
                Assert.NotEqual(expected, Answer(now));
            }
        }
        finally
        {
            saver.Kill();
            await saver.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void Saving_over_the_file_that_is_open_keeps_the_answers_of_both()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows refuses to replace a mapped file.");
        var target = _folder["items.index"];
        using var built = Build(1);
        built.Save(target);
        using var opened = ItemIndex.Open(target);
        opened.Save(target);
        using var other = Build(2);
        other.Save(target);
        Assert.Equal(Answer(built), Answer(opened));
        using var reopened = ItemIndex.Open(target, ArtifactVerification.Full);
        Assert.Equal(Answer(other), Answer(reopened));
    }

    [Fact]
    public void Saving_through_a_link_replaces_what_it_leads_to()
    {
        Directory.CreateDirectory(_folder["store"]);
        File.CreateSymbolicLink(_folder["items.index"], "store/items.index");
        using var built = Build(1);
        built.Save(_folder["items.index"]);
        built.Save(_folder["items.index"]);
        Assert.Equal("store/items.index", new FileInfo(_folder["items.index"]).LinkTarget);
        using var opened = ItemIndex.Open(_folder["store/items.index"]);
        Assert.Equal(Answer(built), Answer(opened));
    }

    private static BruteForceIndex Build(ulong seed)
    {
        var random = new SeededRandom(seed);
        return BruteForceIndex.Build([.. Enumerable.Range(0, 20_000 * Dimension).Select(_ => (float)random.NextNormal())], Dimension);
    }

    private static Candidate[] Answer(IItemIndex index) => index.Search(Enumerable.Repeat(1f, Dimension).ToArray(), 5);
}

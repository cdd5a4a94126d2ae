using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DotRec.Serving.Tests;

/// <summary>
/// A process that saves two bundles to one place, in turn, until it is killed: this very program, started with an environment variable
/// that takes it aside before its tests begin.
/// </summary>
internal static class EndlessSaver
{
    private const string TargetVariable = "DOTREC_TEST_SAVE_TARGET";

    /// <summary>The bundles it saves.</summary>
    public static TestCorpus[] Corpora { get; } = [new(items: 2000, dimension: 32, seed: 1), new(items: 2000, dimension: 32, seed: 2)];

    /// <summary>Starts the process and waits until the first bundle is there.</summary>
    public static async Task<Process> StartAsync(string target, CancellationToken cancellation)
    {
        var ready = ReadyFile(target);
        File.Delete(ready);
        var saver = Process.Start(new ProcessStartInfo(Environment.ProcessPath!) { Environment = { [TargetVariable] = target }, UseShellExecute = false })!;
        while (!File.Exists(ready))
        {
            Assert.False(saver.HasExited, "The saving process ended by itself.");
            await Task.Delay(10, cancellation);
        }

        return saver;
    }

    [ModuleInitializer]
    internal static void SaveUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(TargetVariable) is not { Length: > 0 } target)
        {
            return;
        }

        var recommenders = Array.ConvertAll(Corpora, corpus => corpus.Recommender());
        for (var i = 0; ; i++)
        {
            recommenders[i % 2].Save(target);
            File.WriteAllText(ReadyFile(target), "");
        }
    }

    private static string ReadyFile(string target) => target + ".ready";
}

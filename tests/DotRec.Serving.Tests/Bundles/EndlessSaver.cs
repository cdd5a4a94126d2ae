using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DotRec.Serving.Tests;

/// <summary>A process that saves two bundles to one place, in turn, until it is killed.</summary>
internal static class EndlessSaver
{
    private const string TargetVariable = "DOTREC_TEST_SAVE_TARGET";

    /// <summary>The bundles it saves.</summary>
    public static TestCorpus[] Corpora { get; } = [new(items: 2000, dimension: 32, seed: 1), new(items: 2000, dimension: 32, seed: 2)];

    /// <summary>Starts the process and waits until the first bundle is there.</summary>
    public static Task<Process> StartAsync(string target, CancellationToken cancellation) => UntilKilled.StartAsync(TargetVariable, target, cancellation);

    [ModuleInitializer]
    internal static void SaveUntilKilled() => UntilKilled.Work(TargetVariable, target =>
    {
        var recommenders = Array.ConvertAll(Corpora, corpus => corpus.Recommender());
        return i => recommenders[i % 2].Save(target);
    });
}

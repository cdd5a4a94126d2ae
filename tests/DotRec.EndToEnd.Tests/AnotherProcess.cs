using System.Diagnostics;
using System.Runtime.CompilerServices;
using DotRec.Serving;

namespace DotRec.EndToEnd.Tests;

/// <summary>
/// A process that loads a bundle and answers a file of queries: this very program, started with an environment variable that takes it
/// aside before its tests begin.
/// </summary>
internal static class AnotherProcess
{
    private const string BundleVariable = "DOTREC_TEST_BUNDLE";

    /// <summary>Answers the queries of <c>bundle.users</c>, one user id a line, into <c>bundle.csv</c>; returns the names of the assemblies it loaded.</summary>
    public static async Task<string[]> AnswerAsync(string bundle, IEnumerable<string> users, CancellationToken cancellation)
    {
        await File.WriteAllLinesAsync(bundle + ".users", users, cancellation);
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
        {
            Environment = { [BundleVariable] = bundle },
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill();
        }

        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        Assert.True(File.Exists(bundle + ".assemblies"), errors);
        return await File.ReadAllLinesAsync(bundle + ".assemblies", cancellation);
    }

    [ModuleInitializer]
    internal static void AnswerAndEnd()
    {
        if (Environment.GetEnvironmentVariable(BundleVariable) is not { Length: > 0 } bundle)
        {
            return;
        }

        // Code of this assembly waits on other threads until this initializer has ended: what they are to read is made here, of framework types.
        var queries = new List<Dictionary<string, object>>();
        foreach (var user in File.ReadLines(bundle + ".users"))
        {
            queries.Add(new Dictionary<string, object>(StringComparer.Ordinal) { ["user_id"] = user });
        }

        using (var recommender = Recommender.Load(bundle))
        {
            recommender.RecommendAllAsync(queries, bundle + ".csv", new RecommendAllOptions { ItemColumns = ["title"] }).GetAwaiter().GetResult();
        }

        File.WriteAllLines(bundle + ".assemblies", AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!));
        Process.GetCurrentProcess().Kill();
    }
}

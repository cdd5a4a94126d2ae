using System.Diagnostics;

namespace DotRec.Testing;

/// <summary>
/// A process that does the same work again and again until it is killed: the test program itself, started with an environment variable that takes it aside
/// before its tests begin. The program calls <see cref="Work"/> in a module initializer.
/// </summary>
public static class UntilKilled
{
    /// <summary>Starts the process and waits until it has done its work once.</summary>
    /// <param name="variable">Name of the environment variable.</param>
    /// <param name="target">Its value: what is worked on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Process> StartAsync(string variable, string target, CancellationToken cancellationToken)
    {
        var ready = ReadyFile(target);
        File.Delete(ready);
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!) { Environment = { [variable] = target }, UseShellExecute = false })!;
        while (!File.Exists(ready))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("The working process ended by itself.");
            }

            await Task.Delay(10, cancellationToken);
        }

        return process;
    }

    /// <summary>Works without end, or returns at once where the variable is not set.</summary>
    /// <param name="variable">Name of the environment variable.</param>
    /// <param name="prepare">Gets the target and gives the work, which gets the number of times it was done.</param>
    public static void Work(string variable, Func<string, Action<int>> prepare)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } target)
        {
            return;
        }

        var work = prepare(target);
        for (var i = 0; ; i++)
        {
            work(i);
            File.WriteAllText(ReadyFile(target), "");
        }
    }

    private static string ReadyFile(string target) => target + ".ready";
}

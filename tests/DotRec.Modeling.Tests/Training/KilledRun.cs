using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DotRec.Modeling.Tests;

/// <summary>
/// A process that trains and saves a checkpoint after every step, over and over, until it is killed: this very program, started with an
/// environment variable that takes it aside before its tests begin.
/// </summary>
internal static class KilledRun
{
    private const string TargetVariable = "DOTREC_TEST_CHECKPOINT";

    /// <summary>Starts the process and waits for its first checkpoint.</summary>
    public static async Task<Process> StartAsync(string path, CancellationToken cancellation)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!) { Environment = { [TargetVariable] = path }, UseShellExecute = false })!;
        while (!File.Exists(path))
        {
            Assert.False(process.HasExited, "The training process ended by itself.");
            await Task.Delay(1, cancellation);
        }

        return process;
    }

    [ModuleInitializer]
    internal static void TrainUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(TargetVariable) is not { Length: > 0 } path)
        {
            return;
        }

        // The last step is never reached: a finished run would prove nothing.
        var everyStep = new CheckpointOptions(path) { EverySteps = 1 };
        while (true)
        {
            try
            {
                ResumableRun.Train("adagrad", everyStep with { Resume = false }, abandonAtStep: 17);
            }
            catch (Abandoned)
            {
            }
        }
    }
}

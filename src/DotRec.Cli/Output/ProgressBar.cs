using Spectre.Console;

namespace DotRec.Cli;

/// <summary>A progress bar with the time left, gone when the work is done; none where the output is not a terminal.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that reports how far it is, of <paramref name="total"/>.</summary>
    public static Task<T> RunAsync<T>(string what, double total, Func<IProgress<long>, Task<T>> work) => AnsiConsole.Profile.Capabilities.Interactive
        ? AnsiConsole.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Direct(context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, 1)))))
        : work(new Silent());

    private sealed class Silent : IProgress<long>
    {
        public void Report(long value)
        {
        }
    }

    // Progress<T> posts to the thread pool; a bar wants its values in order and at once.
    private sealed class Direct(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}

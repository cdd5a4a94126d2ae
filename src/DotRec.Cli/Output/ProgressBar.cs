using Spectre.Console;

namespace DotRec.Cli;

/// <summary>A progress bar with the time left, gone when the work is done; in a log a line every so often for work that takes long.</summary>
internal static class ProgressBar
{
    /// <summary>Runs work that reports how far it is, of <paramref name="total"/>.</summary>
    public static Task<T> RunAsync<T>(string what, double total, Func<IProgress<long>, Task<T>> work) => Terminal.IsInteractive
        ? AnsiConsole.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Direct(context.AddTask(Markup.Escape(what), maxValue: Math.Max(total, 1)))))
        : work(new Lines(what, total));

    private sealed class Lines(string what, double total) : IProgress<long>
    {
        private readonly LogInterval _interval = new(TimeProvider.System);

        public void Report(long value)
        {
            if (_interval.IsOver())
            {
                Terminal.Say(LogInterval.Line(what, value, total));
            }
        }
    }

    // Progress<T> posts to the thread pool; a bar wants its values in order and at once.
    private sealed class Direct(ProgressTask task) : IProgress<long>
    {
        public void Report(long value) => task.Value = value;
    }
}

using DotRec.Modeling;
using DotRec.Pipelines;
using Spectre.Console;

namespace DotRec.Cli;

/// <summary>Shows the work of a pipeline: a bar with the time left on a terminal; in a log a line an epoch, and one every so often for what takes long.</summary>
internal static class WorkProgress
{
    public static async Task<T> RunAsync<T>(string what, Func<IProgress<PipelineProgress>, Task<T>> work)
    {
        if (!Terminal.IsInteractive)
        {
            return await work(new Lines(what));
        }

        // A line in the middle of a bar tears it: what else is said waits until the bar is gone.
        var others = new List<PipelineProgress>();
        var result = await AnsiConsole.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new Bar(what, context.AddTask(Markup.Escape(what)), others)));
        others.ForEach(new TerminalProgress().Report);
        return result;
    }

    private static string Describe(string what, FitProgress progress) =>
        FormattableString.Invariant($"{what}: epoch {progress.Epoch}/{progress.EpochCount}, loss {progress.Loss:F4}, {progress.ExamplesPerSecond:N0} examples/s");

    private sealed class Bar(string what, ProgressTask task, List<PipelineProgress> others) : IProgress<PipelineProgress>
    {
        public void Report(PipelineProgress value)
        {
            if (value.Fit is { } fit)
            {
                task.MaxValue = (double)fit.EpochCount * fit.StepCount;
                task.Value = ((double)(fit.Epoch - 1) * fit.StepCount) + fit.Step;
                task.Description = Markup.Escape(Describe(what, fit));
            }
            else if (value.Work is { } work)
            {
                task.MaxValue = Math.Max(work.Total, 1);
                task.Value = work.Done;
                task.Description = Markup.Escape(work.Name);
            }
            else
            {
                others.Add(value);
            }
        }
    }

    private sealed class Lines(string what) : IProgress<PipelineProgress>
    {
        private readonly TerminalProgress _others = new();
        private readonly LogInterval _interval = new(TimeProvider.System);

        public void Report(PipelineProgress value)
        {
            if (value.Fit is { CompletedEpoch: not null } finished)
            {
                _interval.Restart();
                Terminal.Say(Describe(what, finished));
            }
            else if (value.Fit is { } fit && _interval.IsOver())
            {
                Terminal.Say(FormattableString.Invariant($"{Describe(what, fit)}, {(double)fit.Step / fit.StepCount:P0} of the epoch"));
            }
            else if (value.Work is { } work && _interval.IsOver())
            {
                Terminal.Say(LogInterval.Line(work.Name, work.Done, work.Total));
            }

            _others.Report(value);
        }
    }
}

using DotRec.Modeling;
using DotRec.Pipelines;
using Spectre.Console;

namespace DotRec.Cli;

/// <summary>Shows the training of a pipeline: one bar over all epochs, with loss and speed; a line an epoch where the output is not a terminal.</summary>
internal static class FitProgressBar
{
    public static async Task<T> RunAsync<T>(string what, Func<IProgress<PipelineProgress>, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
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
            if (value.Fit is not { } fit)
            {
                others.Add(value);
                return;
            }

            task.MaxValue = (double)fit.EpochCount * fit.StepCount;
            task.Value = ((double)(fit.Epoch - 1) * fit.StepCount) + fit.Step;
            task.Description = Markup.Escape(Describe(what, fit));
        }
    }

    private sealed class Lines(string what) : IProgress<PipelineProgress>
    {
        private readonly TerminalProgress _others = new();

        public void Report(PipelineProgress value)
        {
            if (value.Fit is { CompletedEpoch: not null } fit)
            {
                Terminal.Say(Describe(what, fit));
            }

            _others.Report(value);
        }
    }
}

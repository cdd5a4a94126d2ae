using DotRec.Modeling;
using Spectre.Console;

namespace DotRec.Cli;

/// <summary>Shows a fit: one bar over all epochs, with loss and speed; a line an epoch where the output is not a terminal.</summary>
internal static class FitProgressBar
{
    public static T Run<T>(string what, Func<IProgress<FitProgress>, T> fit)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive)
        {
            return fit(new Lines(what));
        }

        return AnsiConsole.Progress()
            .AutoClear(enabled: true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => fit(new Bar(what, context.AddTask(Markup.Escape(what)))));
    }

    private static string Describe(string what, FitProgress progress) =>
        FormattableString.Invariant($"{what}: epoch {progress.Epoch}/{progress.EpochCount}, loss {progress.Loss:F4}, {progress.ExamplesPerSecond:N0} examples/s");

    private sealed class Bar(string what, ProgressTask task) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            task.MaxValue = (double)value.EpochCount * value.StepCount;
            task.Value = ((double)(value.Epoch - 1) * value.StepCount) + value.Step;
            task.Description = Markup.Escape(Describe(what, value));
        }
    }

    private sealed class Lines(string what) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.CompletedEpoch is not null)
            {
                Terminal.Say(Describe(what, value));
            }
        }
    }
}

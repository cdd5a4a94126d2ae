using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What a pipeline has to tell, on its way to whoever listens; warnings are kept for the result.</summary>
internal sealed class PipelineNotes(IProgress<PipelineProgress>? progress)
{
    private readonly List<string> _warnings = [];

    /// <summary>All warnings so far, each once.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Tells what was assumed where nobody said.</summary>
    public void Note(string text) => progress?.Report(new PipelineProgress(text));

    /// <summary>Tells what may be wrong.</summary>
    public void Warn(string text)
    {
        if (!_warnings.Contains(text))
        {
            _warnings.Add(text);
            progress?.Report(new PipelineProgress(text) { IsWarning = true });
        }
    }

    /// <summary>Passes on how far a fit is; null where nobody listens.</summary>
    public IProgress<FitProgress>? Fit(string what) => progress is null ? null : new FitRelay(what, progress);

    // Progress<T> posts to the thread pool; a bar wants its values in order and at once.
    private sealed class FitRelay(string what, IProgress<PipelineProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(new PipelineProgress(Describe(value)) { Fit = value });

        private string Describe(FitProgress value) =>
            FormattableString.Invariant($"{what}: epoch {value.Epoch}/{value.EpochCount}, loss {value.Loss:F4}, {value.ExamplesPerSecond:N0} examples/s");
    }
}

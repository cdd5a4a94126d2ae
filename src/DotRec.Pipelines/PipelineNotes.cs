using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What a pipeline has to tell, on its way to whoever listens; warnings are kept for the result.</summary>
internal sealed class PipelineNotes(IProgress<PipelineProgress>? progress) : IProgress<FitProgress>
{
    private readonly List<string> _warnings = [];

    /// <summary>All warnings so far, each once.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Tells what was assumed where nobody said.</summary>
    public void Note(string text) => progress?.Report(new PipelineProgress(text));

    /// <summary>Tells of a model that was tried and could be taken.</summary>
    public void NoteModel(string text) => progress?.Report(new PipelineProgress(text) { HasModel = true });

    /// <summary>Tells what may be wrong.</summary>
    public void Warn(string text)
    {
        if (!_warnings.Contains(text, StringComparer.Ordinal))
        {
            _warnings.Add(text);
            progress?.Report(new PipelineProgress(text) { IsWarning = true });
        }
    }

    /// <summary>Tells how far other work is.</summary>
    public void Report(string work, long done, long total)
    {
        var text = FormattableString.Invariant($"{work}: {done:N0} of {total:N0} rows");
        progress?.Report(new PipelineProgress(text) { Work = new PipelineWork(work, done, total) });
    }

    /// <summary>Tells how far training is.</summary>
    public void Report(FitProgress value)
    {
        var text = FormattableString.Invariant($"epoch {value.Epoch}/{value.EpochCount}, loss {value.Loss:F4}, {value.ExamplesPerSecond:N0} examples/s");
        progress?.Report(new PipelineProgress(text) { Fit = value });
    }
}
